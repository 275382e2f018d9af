import { expect, test } from "vitest";
import { createAggregatedRows } from "../../../harness/facts/aggregated-rows.ts";
import { addRow } from "../../../harness/facts/table.ts";
import { countIn, cutOffsets } from "../../../harness/replay/replayed-log.ts";
import { reachedLog } from "../../../harness/replay/rewind-reach.ts";

/** Partition, offset, device, window of each record; -1: no job can read it. */
const records = [
  [0, 0, 4, 0],
  [0, 1, 4, 60],
  [0, 5, 4, 60],
  [0, 6, -1, Number.NaN],
  [1, 3, 9, 0],
] as const;

const { table } = createAggregatedRows();
for (const [partition, offset, device, window] of records) {
  const row = addRow(table);
  Object.assign(table.columns.partition, { [row]: partition });
  Object.assign(table.columns.offset, { [row]: offset });
  Object.assign(table.columns.device, { [row]: device });
  Object.assign(table.columns.window, { [row]: window });
}
const count = countIn(table);

test("records of a log are counted by partition, from its start to its end; markers of transactions are none", () => {
  const recordsOf = (start: readonly bigint[], upTo: readonly bigint[]): number =>
    count.records({ start, upTo });
  expect(recordsOf([0n, 0n], [5n, 4n])).toBe(3);
  expect(recordsOf([1n, 0n], [6n, 4n])).toBe(3);
  expect(recordsOf([0n, 0n], [-1n, -1n])).toBe(0);
});

test("of a part, only the part is counted; a store needs a write for each document or partition of it", () => {
  const part = { start: [0n, 0n], upTo: [7n, 4n], from: [1n, undefined] };
  expect(count.records(part)).toBe(3);
  expect(count.leastWrites(part, "elasticsearch")).toBe(1);
  const all = { ...part, from: [0n, 0n] };
  expect(count.leastWrites(all, "elasticsearch")).toBe(3);
  expect(count.leastWrites(all, "cassandra")).toBe(2);
  expect(count.leastWrites({ start: part.start, upTo: part.upTo }, "cassandra")).toBeUndefined();
});

const log = { start: [0n, 5n], upTo: [10n, 10n] };

test("a reach is a partition, an offset or a time; the other partitions are left alone", () => {
  expect(reachedLog(log, { partition: 1 }, undefined).from).toEqual([undefined, 0n]);
  expect(reachedLog(log, { begin: { offset: 7 } }, undefined).from).toEqual([7n, 7n]);
  expect(reachedLog(log, { begin: { afterMs: 5 } }, [3n, -1n]).from).toEqual([3n, 10n]);
  expect(reachedLog(log, { begin: { offset: 12 } }, undefined).from).toEqual([10n, 10n]);
});

test("what retention has cut off a reach is counted, and so is what it may have cut off a time", () => {
  expect(cutOffsets(reachedLog(log, { partition: 0 }, undefined))).toBe(0);
  expect(cutOffsets(reachedLog(log, { partition: 1 }, undefined))).toBe(5);
  expect(cutOffsets(reachedLog(log, { begin: { offset: 3 } }, undefined))).toBe(2);
  expect(cutOffsets(reachedLog(log, { begin: { lastMs: 5 } }, [3n, 6n]))).toBe(0);
  expect(cutOffsets(reachedLog(log, { begin: { lastMs: 5 } }, [3n, 5n]))).toBe(5);
});
