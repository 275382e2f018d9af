import fc from "fast-check";
import { expect, test } from "vitest";
import { type Judgement, judge } from "../../../harness/checks/judge.ts";
import { factsOf, type History, honestHistory, type StoredRow } from "./history.ts";

const rows = honestHistory.cassandra;
const judged = (changes: Partial<History>): Judgement =>
  judge(factsOf({ ...honestHistory, ...changes }));
const clause = (judgement: Judgement, name: string) =>
  judgement.results.find((result) => result.clause === name)!;
const place = ({ aggregate: { device, window } }: StoredRow) => ({
  device: device.id,
  window: window.start,
});

test("removing any one row of a store turns PASS into FAIL with exactly that row", () => {
  fc.assert(
    fc.property(
      fc.nat(rows.length - 1),
      fc.constantFrom("elasticsearch", "cassandra"),
      (at, store) => {
        const judgement = judged({ [store]: rows.toSpliced(at, 1) });
        const gone = expect.objectContaining({ class: "lost-write", ...place(rows[at]!), store });
        expect(judgement.verdict).toBe("FAIL");
        expect(judgement.findings).toEqual([gone]);
        expect(clause(judgement, "C8")).toMatchObject({ verdict: "FAIL", echoes: 1, findings: [] });
        expect(judgement.stores[store]).toMatchObject({ missing: 1, found: rows.length - 1 });
      },
    ),
    { numRuns: 20 },
  );
});

test("wrong-aggregate: a count that is wrong by itself names no reading, for the members are right", () => {
  const row = rows[21]!;
  const { aggregate } = row;
  const bent = { ...row, aggregate: { ...aggregate, count: 2 * aggregate.count } };
  const [finding] = clause(judged({ cassandra: rows.with(21, bent) }), "C7").findings;
  expect(finding).toMatchObject({ class: "wrong-aggregate", ...place(row), store: "cassandra" });
  expect(finding).not.toHaveProperty("seq");
  expect(finding?.found).not.toContain("once too often");
});

test("unseen: rows that are missing while the drain still went on are not called lost", () => {
  const judgement = judged({ cassandra: rows.slice(1), record: { drain: "shrinking" } });
  expect(judgement.verdict).toBe("UNKNOWN");
  expect(clause(judgement, "C7").counts).toEqual({ unseen: 1 });
});

test("duplicate and split-key: a second row in the same place, or in another index", () => {
  const row = rows[40]!;
  const twice = judged({ elasticsearch: [...rows, row] });
  expect(clause(twice, "C7").findings).toEqual([
    expect.objectContaining({ class: "duplicate", ...place(row), store: "elasticsearch" }),
  ]);
  const split = judged({ elasticsearch: [...rows, { ...row, group: "t-2026-02-02" }] });
  expect(clause(split, "C7").findings).toEqual([
    expect.objectContaining({ class: "split-key", ...place(row) }),
  ]);
  expect(split.stores["elasticsearch"]).toMatchObject({ duplicated: 1, wrong: 0 });
});

test("split-key: of a row in two daily indices the one outside its day is named, whatever the scan's order", () => {
  const row = rows[40]!;
  const days = rows.map((each) => ({ ...each, group: each.group.replaceAll("-", ".") }));
  const copy = { ...row, group: "t.2026.02.02" };
  for (const elasticsearch of [
    [...days, copy],
    [copy, ...days],
  ]) {
    const key = `t.2026.02.02/${row.aggregate.device.id}-${row.aggregate.window.start}`;
    expect(judged({ elasticsearch }).findings).toEqual([
      expect.objectContaining({ class: "split-key", ...place(row), key }),
    ]);
  }
});

test("a difference between stores of which neither is wrong by itself is named by C8 alone", () => {
  const facts = factsOf(honestHistory);
  // A column that one store has and the other left empty: there is nothing that C7 could compare.
  facts.stores[1]!.table.columns.mean[21] = Number.NaN;
  const judgement = judge(facts);
  expect(judgement.verdict).toBe("FAIL");
  expect(clause(judgement, "C7").verdict).toBe("PASS");
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "corrupt", ...place(rows[21]!), store: "cassandra" }),
  ]);
});

test("what one fault makes of another place is told: only the very same difference is an echo", () => {
  const both = judged({ elasticsearch: rows.toSpliced(7, 1), cassandra: rows.toSpliced(9, 1) });
  expect(both.findings).toEqual([
    expect.objectContaining({ ...place(rows[7]!), store: "elasticsearch" }),
    expect.objectContaining({ ...place(rows[9]!), store: "cassandra" }),
  ]);
  expect(clause(both, "C8")).toMatchObject({ counts: { "lost-write": 2 }, echoes: 2 });
  const doubled = factsOf({ ...honestHistory, elasticsearch: [...rows, rows[21]!] });
  doubled.stores[1]!.table.columns.mean[21] = Number.NaN;
  const classes = judge(doubled).findings.map((each) => each.class);
  expect(classes).toEqual(["duplicate", "corrupt"]);
});

test("the canary is planted where nothing is wrong already", () => {
  const middle = Math.floor(factsOf(honestHistory).audit.windows.length / 2);
  const bent = rows.map((row, at) =>
    Math.abs(at - middle) < 60
      ? { ...row, aggregate: { ...row.aggregate, count: row.aggregate.count + 1 } }
      : row,
  );
  expect(judged({ elasticsearch: bent }).canary).toEqual({ planted: 9, caught: 9 });
});

test("near miss: the same device and time of day in two daily indices are two windows", () => {
  expect(new Set(rows.map((row) => row.group)).size).toBe(2);
  expect(clause(judged({}), "C7").verdict).toBe("PASS");
});

test("stale-final: the store kept an earlier revision", () => {
  const stale = rows.findIndex(({ aggregate: a }) =>
    honestHistory.published.some(
      ({ aggregate: b }) =>
        b.device.id === a.device.id &&
        b.window.start === a.window.start &&
        b.revision === a.revision - 1,
    ),
  );
  const row = rows[stale]!;
  const { aggregate } = honestHistory.published.find(
    ({ aggregate: a }) =>
      a.device.id === row.aggregate.device.id &&
      a.window.start === row.aggregate.window.start &&
      a.revision === row.aggregate.revision - 1,
  )!;
  const judgement = judged({ cassandra: rows.with(stale, { ...row, aggregate }) });
  expect(clause(judgement, "C7").findings).toEqual([
    expect.objectContaining({ class: "stale-final", ...place(row), store: "cassandra" }),
  ]);
  expect(clause(judgement, "C8")).toMatchObject({ counts: { "stale-final": 1 }, echoes: 1 });
  expect(judgement.findings).toHaveLength(1);
  // The same while the job was still on its way through the topic: nobody is accused.
  const early = judged({
    cassandra: rows.with(stale, { ...row, aggregate }),
    record: { drain: "shrinking" },
  });
  expect(early.verdict).toBe("UNKNOWN");
  expect(early.findings.map(({ class: kind, store }) => [kind, store])).toEqual([
    ["unseen", "cassandra"],
    ["unseen", undefined],
  ]);
});

test("corrupt: one value that is not the published one, in any of the fields", () => {
  const row = rows[33]!;
  const { aggregate: a } = row;
  const t = a.temperature;
  const bent = [
    { ...a, temperature: { ...t, sum: t.sum + 100 } },
    { ...a, temperature: { ...t, min: t.min - 1 } },
    { ...a, temperature: { ...t, max: t.max + 1 } },
    { ...a, temperature: { ...t, mean: t.mean + 0.5 } },
  ];
  for (const aggregate of bent) {
    const judgement = judged({ elasticsearch: rows.with(33, { ...row, aggregate }) });
    expect(clause(judgement, "C7").findings).toEqual([
      expect.objectContaining({ class: "corrupt", ...place(row), store: "elasticsearch" }),
    ]);
    expect(clause(judgement, "C8").counts).toEqual({ corrupt: 1 });
  }
});

test("a wrong version or revision is found, too", () => {
  const row = rows[33]!;
  const { aggregate: a } = row;
  for (const aggregate of [
    { ...a, version: a.version + 1 },
    { ...a, revision: a.revision + 1 },
  ]) {
    const judgement = judged({ elasticsearch: rows.with(33, { ...row, aggregate }) });
    expect(clause(judgement, "C7").verdict).toBe("FAIL");
  }
});

test("wrong-aggregate: a digest that is no digest, or that nobody can explain", () => {
  const row = rows[33]!;
  for (const [digest, kind] of [
    ["none", "masked"],
    ["00000000000000aa", "masked"],
  ] as const) {
    const aggregate = { ...row.aggregate, digest };
    const judgement = judged({ elasticsearch: rows.with(33, { ...row, aggregate }) });
    expect(clause(judgement, "C7").counts).toEqual({ [kind]: 1 });
  }
});

test("phantom: a row of a device, or of a window, that nobody sent", () => {
  const row = rows[12]!;
  const { aggregate: a } = row;
  const stranger = { ...a, device: { ...a.device, id: "stranger" } };
  const far = { ...a, window: { ...a.window, start: 0 } };
  for (const aggregate of [stranger, far]) {
    const judgement = judged({ cassandra: [...rows, { ...row, aggregate }] });
    expect(clause(judgement, "C7").findings).toEqual([
      expect.objectContaining({
        class: "phantom",
        device: aggregate.device.id,
        store: "cassandra",
      }),
    ]);
    expect(judgement.stores["cassandra"]).toMatchObject({ unexpected: 1 });
  }
});

test("an empty store is a failure, not a vacuous success", () => {
  const judgement = judged({ cassandra: [] });
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.stores["cassandra"]!.missing).toBe(rows.length);
  expect(clause(judgement, "C7").findings).toHaveLength(32);
  expect(clause(judgement, "C7").counts["lost-write"]).toBe(rows.length);
});
