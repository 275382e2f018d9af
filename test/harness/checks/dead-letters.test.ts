import { expect, test } from "vitest";
import { type Judgement, judge } from "../../../harness/checks/judge.ts";
import { encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { factsOf, type History, honestHistory, type Letter, type Published } from "./history.ts";

const judged = (changes: Partial<History>): Judgement =>
  judge(factsOf({ ...honestHistory, ...changes }));
const clause = (judgement: Judgement, name: string) =>
  judgement.results.find((result) => result.clause === name);

/** Each published record with the offset that it has in the topic. */
const offsets = [0, 0];
const records = honestHistory.published.map((published) => ({
  ...published,
  offset: offsets[published.partition]!++,
}));
const rows = honestHistory.elasticsearch;
const keyOf = ({ aggregate: { device, window } }: Pick<Published, "aggregate">): string =>
  `${device.id}/${window.start}`;
const letterOf = (row: (typeof rows)[number]): Letter => {
  const { partition, offset, aggregate } = records.findLast((each) => keyOf(each) === keyOf(row))!;
  return { partition, offset, value: encodeAggregate(aggregate) };
};
const skippedRows = [rows[3]!, rows[41]!, rows[60]!];
const without = rows.filter((row) => !skippedRows.includes(row));
const letters = skippedRows.map(letterOf);

test("without a dead-letter topic C13 is left out rather than passed", () => {
  expect(clause(judged({}), "C13")).toBeUndefined();
});

test("what a job skipped is not persisted: FAIL by C7, and C13 accounts for every window", () => {
  const judgement = judged({ elasticsearch: without, letters });
  expect(judgement.verdict).toBe("FAIL");
  expect(clause(judgement, "C7")?.counts).toEqual({ "lost-write": 3 });
  expect(clause(judgement, "C13")).toMatchObject({ verdict: "PASS", counts: {} });
  expect(judgement.stores["elasticsearch"]).toMatchObject({
    missing: 3,
    skipped: 3,
    deadLetters: 3,
    deadLetterReasons: { "TASK_PUT: refused at offset n": 3 },
  });
  expect(judgement.stores["cassandra"]).not.toHaveProperty("skipped");
  expect(judgement.reasons.map(({ why }) => why)).toEqual([
    "elasticsearch lacks 3 windows that its job skipped under its error policy; " +
      "each of them lies in the dead-letter topic dead",
  ]);
});

test("a run in which nothing was skipped passes C13 with an empty topic", () => {
  const judgement = judged({ letters: [] });
  expect(judgement.verdict).toBe("PASS");
  expect(clause(judgement, "C13")?.evaluated).toBeGreaterThan(rows.length);
});

test("silent-drop: a window that is neither in the store nor in the dead-letter topic", () => {
  const judgement = judged({ elasticsearch: without, letters: letters.slice(1) });
  const { device, window } = skippedRows[0]!.aggregate;
  expect(clause(judgement, "C13")?.findings).toEqual([
    expect.objectContaining({
      class: "silent-drop",
      device: device.id,
      window: window.start,
      store: "elasticsearch",
      offset: letters[0]!.offset,
    }),
  ]);
  const undrained = {
    elasticsearch: without,
    letters: [],
    record: { drain: "shrinking" },
  } as const;
  expect(clause(judged(undrained), "C13")?.counts).toEqual({ unseen: 3 });
});

test("a dead letter of an older revision accounts for nothing", () => {
  const revised = records.find(
    (each) => records.findLast((last) => keyOf(last) === keyOf(each)) !== each,
  )!;
  const row = rows.find((each) => keyOf(each) === keyOf(revised))!;
  const { partition, offset, aggregate } = revised;
  const judgement = judged({
    elasticsearch: rows.filter((each) => each !== row),
    letters: [{ partition, offset, value: encodeAggregate(aggregate) }],
  });
  expect(clause(judgement, "C13")?.counts).toEqual({ "silent-drop": 1 });
});

test("phantom, corrupt, duplicate: a dead letter of nothing, with other values, of what was stored", () => {
  const [letter] = letters;
  const stray: Letter = { ...letter!, offset: 999_999 };
  const foreign: Letter = { ...letter!, topic: "elsewhere" };
  const bent: Letter = { ...letterOf(rows[7]!), value: encodeAggregate(rows[8]!.aggregate) };
  const stored = letterOf(rows[9]!);
  const counts = (extra: Letter) =>
    clause(judged({ elasticsearch: without, letters: [...letters, extra] }), "C13")?.counts;
  expect(counts(stray)).toEqual({ phantom: 1 });
  expect(counts(bent)).toEqual({ corrupt: 1 });
  expect(counts(stored)).toEqual({ duplicate: 1 });
  expect(clause(judged({ letters: [foreign] }), "C13")?.counts).toEqual({ phantom: 1 });
});

test("a job that died between a dead letter and its commit may write it again", () => {
  const judgement = judged({ elasticsearch: without, letters: [...letters, ...letters] });
  expect(clause(judgement, "C13")?.verdict).toBe("PASS");
  expect(judgement.stores["elasticsearch"]).toMatchObject({ skipped: 3, deadLetters: 6 });
});

const poison = Buffer.from("not json");
const partitionEnds = [0, 1].map((p) => records.filter(({ partition }) => partition === p).length);
const poisoned: Partial<History> = {
  published: [...honestHistory.published, { ...records[0]!, partition: 1, poison }],
  record: { poisons: [{ topic: "aggregated", partition: 1, offset: partitionEnds[1]! }] },
};

test("a poison record of the run is no phantom, and must have its dead letter", () => {
  const letter = { partition: 1, offset: partitionEnds[1]!, value: poison };
  expect(judged({ ...poisoned, letters: [letter] }).verdict).toBe("PASS");
  const dropped = judged({ ...poisoned, letters: [] });
  expect(clause(dropped, "C13")?.findings).toEqual([
    expect.objectContaining({ class: "silent-drop", offset: partitionEnds[1]! }),
  ]);
});

test("an unreadable record that the run did not put there stays a phantom", () => {
  const judgement = judged({ ...poisoned, record: {} });
  expect(clause(judgement, "C3")?.counts).toEqual({ phantom: 1 });
});
