import { expect, test } from "vitest";
import {
  type AggregatedBuckets,
  type AggregatedRows,
  createAggregatedRows,
} from "../../../harness/facts/aggregated-rows.ts";
import { splitWriters } from "../../../harness/facts/split-writers.ts";
import { addValues } from "../../../harness/facts/table.ts";
import { compareFinals } from "../../../harness/replay/compare-finals.ts";
import { finalsRecord } from "../../../harness/replay/finals-record.ts";
import { numberSteps } from "../../../harness/replay/numbered-steps.ts";

type Published = {
  readonly device: number;
  readonly window?: number;
  readonly revision: number;
  readonly sum?: number;
  readonly producerId?: number;
};

function rowsOf(records: readonly Published[]): AggregatedRows {
  const rows = createAggregatedRows();
  for (const [
    offset,
    { device, window = 0, revision, sum = 7, producerId = 1 },
  ] of records.entries()) {
    const found = { count: revision, min: 1, max: 2, sum, digestHi: 3, digestLo: 4, faults: 0 };
    addValues(rows.table, { device, partition: 0, offset, window, revision, producerId, ...found });
  }
  return rows;
}

const inOne = (rows: AggregatedRows): AggregatedBuckets => ({ buckets: 1, read: () => rows });
const nameOf = (device: number): string => `t-${device}`;
const own = rowsOf([
  { device: 1, revision: 28 },
  { device: 2, revision: 30 },
  { device: 1, revision: 29 },
]);

test("only the last revision of a window counts, whatever came before it", () => {
  const again = rowsOf([
    { device: 2, revision: 30 },
    { device: 1, revision: 29 },
  ]);
  const { windows, digestBefore, digestAfter, changed } = compareFinals(
    inOne(own),
    inOne(again),
    nameOf,
  );
  expect([windows, changed]).toEqual([2, []]);
  expect(digestAfter).toBe(digestBefore);
});

test("planted: a window that is not published, one of other contents, one too many", () => {
  const window = new Date(0).toISOString();
  for (const [change, key, records] of [
    ["gone", "t-1", [{ device: 2, revision: 30 }]],
    [
      "changed",
      "t-1",
      [
        { device: 2, revision: 30 },
        { device: 1, revision: 28 },
      ],
    ],
    [
      "changed",
      "t-2",
      [
        { device: 1, revision: 29 },
        { device: 2, revision: 30, sum: 8 },
      ],
    ],
    [
      "extra",
      "t-3",
      [
        { device: 1, revision: 29 },
        { device: 2, revision: 30 },
        { device: 3, revision: 1 },
      ],
    ],
  ] as const) {
    const found = compareFinals(inOne(own), inOne(rowsOf(records)), nameOf);
    expect(found.digestAfter).not.toBe(found.digestBefore);
    expect(found.changed.map((row) => [row.change, row.key])).toEqual([
      [change, `${key} ${window}`],
    ]);
  }
});

test("topics that are divided by device are held against one another bucket by bucket", () => {
  const many = Array.from({ length: 40 }, (_, device) => ({ device, revision: 3 + device }));
  const bent = many.map((each) => (each.device % 9 === 0 ? { ...each, sum: 8 } : each));
  const divided = (records: readonly Published[], buckets: number): AggregatedBuckets => ({
    buckets,
    read: (nth) => rowsOf(records.filter(({ device }) => device % buckets === nth)),
  });
  const [whole, byBucket] = [1, 7].map((buckets) =>
    compareFinals(divided(many, buckets), divided([...bent].reverse(), buckets), nameOf),
  );
  expect(byBucket?.changed.map(({ key }) => key).toSorted()).toEqual(
    whole?.changed.map(({ key }) => key).toSorted(),
  );
  expect({ ...byBucket, changed: [] }).toEqual({ ...whole, changed: [] });
  expect([byBucket?.windows, byBucket?.records, byBucket?.changed.length]).toEqual([40, 40, 5]);
  expect(() => compareFinals(divided(many, 2), divided(many, 3), nameOf)).toThrow("divided alike");
});

test("the record of a re-aggregation counts the raw records, and the evidence is what it published", () => {
  const [step] = numberSteps([{ kind: "re-aggregate", atMs: undefined, into: "fresh" }]);
  const raw = { start: [2n, 0n], upTo: [10n, 10n] };
  const both = { own: inOne(own), again: inOne(own) };
  const record = finalsRecord({ step: step!, topic: "raw", raw, ...both, nameOf });
  expect(record).toMatchObject({
    mode: "re-aggregate at-rest, into fresh",
    store: "temperatures.aggregated",
    topic: "raw",
    records: 18,
    cut: 2,
    writesSeen: 3,
    writesLeast: 2,
  });
});

test("records are split by the producer ids of a second writer; without one they are the same rows", () => {
  const both = rowsOf([
    { device: 1, revision: 28 },
    { device: 1, revision: 28, producerId: 9 },
    { device: 2, revision: 30 },
  ]);
  both.deviceTexts.set(1, "x");
  const split = splitWriters(both, new Set([9]));
  expect([split.own.table.length, split.again.table.length]).toEqual([2, 1]);
  expect([...split.again.deviceTexts]).toEqual([[0, "x"]]);
  expect(splitWriters(both, new Set()).own).toBe(both);
});
