import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { factsByWriter } from "../../../harness/checks/second-writers.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { addValues, copyTable, rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory } from "./history.ts";

const honest = factsOf(honestHistory);
const second = 4_711;

/** Everything published once more, by a second producer; `bend` alters one of its records. */
function published(
  bend: Partial<Record<"sum" | "revision", number>> = {},
  declared = true,
): RunFacts {
  const { aggregated } = honest.topics;
  const table = copyTable(aggregated.table);
  const many = table.length;
  for (let row = 0; row < many; row++) {
    const record = rowOf(aggregated.table, row);
    const bent = row === 3 ? bend : {};
    addValues(table, { ...record, ...bent, offset: record.offset + 1_000, producerId: second });
  }
  const topics = { ...honest.topics, aggregated: { ...aggregated, table } };
  const writers = declared ? { secondWriters: [second] } : {};
  return { ...honest, topics, record: { ...honest.record, ...writers } };
}

test("a declared second writer of the same aggregates is judged apart, and both pass", () => {
  const { own, again } = factsByWriter(published());
  const many = honest.topics.aggregated.table.length;
  expect([own.topics.aggregated.table.length, again?.topics.aggregated.table.length]).toEqual([
    many,
    many,
  ]);
  const judged = judge(published());
  expect(judged.verdict).toBe(judge(honest).verdict);
  expect(judged.aggregates.published).toBe(many);
});

test("one that nobody has declared is a duplicate", () => {
  const counts = judge(published({}, false)).results.find(({ clause }) => clause === "C2")?.counts;
  expect(counts).toMatchObject({ duplicate: expect.any(Number) });
});

test("planted: what the second writer alone gets wrong is found", () => {
  const judged = judge(published({ sum: 1 }));
  expect(judged.verdict).toBe("FAIL");
  expect(judged.results.find(({ clause }) => clause === "C6")?.verdict).toBe("FAIL");
});

test("one that was declared and wrote nothing changes nothing", () => {
  const idle = { ...honest, record: { ...honest.record, secondWriters: [second] } };
  expect(judge(idle)).toEqual(judge(honest));
});

/** A record of a window that was published once. */
const single = honestHistory.published.findIndex(
  ({ aggregate: a }) =>
    honestHistory.published.filter(
      ({ aggregate: b }) => a.device.id === b.device.id && a.window.start === b.window.start,
    ).length === 1,
);

test("planted: what both get wrong is counted, named and echoed for both", () => {
  const bent = published({ sum: 1 });
  // The first writer's own: the same record of its own, and one of its revisions once more.
  const { table } = bent.topics.aggregated;
  table.columns.sum[3]! += 100;
  addValues(table, { ...rowOf(table, single), offset: 2_000 });
  addValues(table, { ...rowOf(table, single), offset: 3_000, producerId: second });
  const one = judge(bent).results.find(({ clause }) => clause === "C6")!;
  expect(one.counts).toEqual({ corrupt: 2 });
  expect(one.findings.map(({ offset }) => offset)).toEqual([
    rowOf(table, 3).offset,
    rowOf(table, 3).offset + 1_000,
  ]);
  expect(one.violations).toEqual(one.findings);
  expect(one.evaluated).toBe(table.length);
  const twice = judge(bent).results.find(({ clause }) => clause === "C2")!;
  expect(twice.counts).toEqual({ duplicate: 2 });
  expect(twice.findings.map(({ offset }) => offset)).toEqual([2_000, 3_000]);
});

test("planted: echoes of both writers add up", () => {
  const facts = published();
  const { table } = facts.topics.aggregated;
  // A revision that came again, and is wrong besides: C2 names it, C6 only echoes.
  const row = rowOf(table, single);
  addValues(table, { ...row, offset: 2_000, sum: row.sum + 100 });
  addValues(table, { ...row, offset: 3_000, sum: row.sum + 100, producerId: second });
  const { echoes, findings } = judge(facts).results.find(({ clause }) => clause === "C6")!;
  expect([echoes, findings]).toEqual([2, []]);
});
