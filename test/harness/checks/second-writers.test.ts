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
