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

/** Where in the dead-letter topic a letter lies, and of which job. */
const atOffset = (offset: number) => ({
  ...{ topic: "dead", partition: 0, offset, store: "elasticsearch" },
});
const sourceOf = ({ partition, offset }: Letter) => `partition ${partition}, offset ${offset}`;

test("each window and each dead letter is looked at, and a finding of either is named whole", () => {
  const windows = factsOf(honestHistory).audit.windows.length;
  const [first, second] = letters;
  const stored = letterOf(rows[9]!);
  const bent = { ...letterOf(rows[7]!), value: encodeAggregate(rows[8]!.aggregate) };
  const stray = { ...first!, offset: 999_999 };
  const all = [second!, letters[2]!, stray, bent, stored];
  const result = clause(judged({ elasticsearch: without, letters: all }), "C13");
  expect(result?.evaluated).toBe(windows + 5);
  const place = ({ aggregate: { device, window } }: (typeof rows)[number]) => ({
    ...{ device: device.id, window: window.start, store: "elasticsearch" },
  });
  const { partition, offset } = first!;
  expect(result?.findings).toEqual([
    {
      ...{ class: "silent-drop", ...place(skippedRows[0]!), topic: "aggregated" },
      ...{ partition, offset, found: "neither in the store nor in dead" },
    },
    {
      ...{ class: "corrupt", ...atOffset(3) },
      found: `other values than ${sourceOf(bent)}, which it names`,
    },
    {
      ...{ class: "duplicate", ...place(rows[9]!), ...atOffset(4) },
      found: "a dead letter, and in the store all the same",
    },
    {
      ...{ class: "phantom", ...atOffset(2) },
      found: `names ${sourceOf(stray)}, which is no record`,
    },
  ]);
});

test("planted: a dead letter with any one value that is not its record's is corrupt", () => {
  const names = ["readable", "revision", "count", "sum", "digestHi", "digestLo"] as const;
  for (const name of names) {
    const facts = factsOf({ ...honestHistory, elasticsearch: without, letters });
    facts.deadLetters[0]!.table.columns[name][1]! ^= 1;
    expect(clause(judge(facts), "C13")?.counts).toEqual({ corrupt: 1 });
  }
});

test("planted: whatever window the store holds, a dead letter of its last record is one too many", () => {
  const all = rows.map(letterOf);
  expect(clause(judged({ letters: all }), "C13")?.counts).toEqual({ duplicate: rows.length });
});

test("planted: such a letter that a crash made twice is one too many once", () => {
  const stored = letterOf(rows[9]!);
  expect(clause(judged({ letters: [stored, stored] }), "C13")?.counts).toEqual({ duplicate: 1 });
});

test("near miss: a dead letter of an earlier revision, where the store has the last one", () => {
  const { partition, offset, aggregate } = records.find(
    (each) => records.findLast((last) => keyOf(last) === keyOf(each)) !== each,
  )!;
  const letter = { partition, offset, value: encodeAggregate(aggregate) };
  expect(clause(judged({ letters: [letter] }), "C13")?.counts).toEqual({});
});

test("planted: what names another topic accounts for nothing, and no right letter hides it", () => {
  const [first, ...others] = letters;
  const foreign = { ...first!, topic: "elsewhere" };
  const counts = (...all: readonly Letter[]) =>
    clause(judged({ elasticsearch: without, letters: [...all, ...others] }), "C13")?.counts;
  expect(counts(foreign)).toEqual({ phantom: 1, "silent-drop": 1 });
  expect(counts(foreign, first!)).toEqual({ phantom: 1 });
  expect(counts(first!, foreign)).toEqual({ phantom: 1 });
  const bent = { ...first!, value: encodeAggregate(rows[8]!.aggregate) };
  expect(counts(bent, first!)).toEqual({ corrupt: 1 });
});

test("a window that was never published lacks no dead letter: C6 names it", () => {
  const published = honestHistory.published.filter((each) => keyOf(each) !== keyOf(rows[3]!));
  const elasticsearch = rows.filter((row) => row !== rows[3]);
  expect(clause(judged({ published, elasticsearch, letters: [] }), "C13")?.counts).toEqual({});
});

test("a poison of the raw topic needs no dead letter; one of the aggregated topic its own", () => {
  const raw = { record: { poisons: [{ topic: "raw", partition: 1, offset: 3 }] } };
  expect(clause(judged({ ...raw, letters: [] }), "C13")?.counts).toEqual({});
  const elsewhere = { topic: "elsewhere", partition: 1, offset: partitionEnds[1]!, value: poison };
  const { findings } = clause(judged({ ...poisoned, letters: [elsewhere] }), "C13")!;
  expect(findings).toEqual([
    {
      ...{ class: "silent-drop", topic: "aggregated", partition: 1, offset: partitionEnds[1] },
      ...{ store: "elasticsearch", found: "a poison record without a dead letter in dead" },
    },
    expect.objectContaining({ class: "phantom", ...atOffset(0) }),
  ]);
});
