import { expect, test } from "vitest";
import { checkAggregateTruth } from "../../../harness/checks/aggregate-truth.ts";
import { runCanary } from "../../../harness/checks/canary.ts";
import { cutBucket } from "../../../harness/checks/canary-bucket.ts";
import { gatherPublished } from "../../../harness/checks/published.ts";
import { gatherStore } from "../../../harness/checks/store-keys.ts";
import { checkStores } from "../../../harness/checks/store-truth.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory } from "./history.ts";

function bucketOf(facts: RunFacts, rows: ReadonlySet<number>): RunFacts {
  const published = gatherPublished(facts);
  const many = facts.audit.windows.length;
  const keys = facts.stores.map((store) => gatherStore(published.index, many, store));
  return cutBucket(facts, rows, published, keys);
}

/** Windows that were published more than once, and as many others. */
function someRows({ audit }: RunFacts): number[] {
  const { row } = audit.revisions.columns;
  const revised = [...new Set(row.subarray(0, audit.revisions.length))].slice(0, 5);
  return [...revised, ...revised.map((each) => (each + 1) % audit.windows.length)];
}

test("a bucket is right where the run is: its windows, their revisions, records and rows", () => {
  const facts = factsOf(honestHistory);
  const rows = new Set(someRows(facts));
  const bucket = bucketOf(facts, rows);
  expect(bucket.audit.windows.length).toBe(rows.size);
  expect(bucket.audit.revisions.length).toBeGreaterThan(4);
  const windows = [...rows].sort((a, b) => a - b);
  for (const [at, row] of windows.entries()) {
    expect(rowOf(bucket.audit.windows, at)).toEqual(rowOf(facts.audit.windows, row));
  }
  const { result, tallies } = checkStores(bucket);
  expect(result.verdict).toBe("PASS");
  const { elasticsearch } = tallies;
  expect(elasticsearch).toMatchObject({ missing: 0, wrong: 0, unexpected: 0 });
  const truth = checkAggregateTruth(bucket);
  expect(truth).toMatchObject({ verdict: "PASS", findings: [] });
  expect(truth.evaluated).toBe(bucket.topics.aggregated.table.length);
});

test("a row that stands twice stands twice in the bucket, and one that is not there is not", () => {
  const facts = factsOf(honestHistory);
  const [one, gone] = someRows(facts);
  const name = (row: number): string => {
    const { device, window } = rowOf(facts.audit.windows, row);
    return `${facts.plan.deviceId(device)}/${window}`;
  };
  const key = ({ aggregate }: (typeof honestHistory.cassandra)[number]): string =>
    `${aggregate.device.id}/${aggregate.window.start}`;
  const twice = honestHistory.cassandra.find((row) => key(row) === name(one!))!;
  const rest = honestHistory.cassandra.filter((row) => key(row) !== name(gone!));
  const bent = factsOf({ ...honestHistory, cassandra: [...rest, twice] });
  const { tallies } = checkStores(bucketOf(bent, new Set([one!, gone!])));
  expect(tallies["cassandra"]).toMatchObject({ found: 2, missing: 1, duplicated: 1 });
});

test("the canary finds its bucket wherever a place still has windows", () => {
  const { cassandra } = honestHistory;
  const last = cassandra.slice(-9);
  const facts = factsOf({ ...honestHistory, cassandra: last });
  expect(runCanary(facts)).toEqual({ planted: 9, caught: 9 });
  const two = factsOf({ ...honestHistory, cassandra: cassandra.slice(-2) });
  expect(runCanary(two)).toEqual({ planted: 0, caught: 0 });
});

test("the bucket of all windows is the run", () => {
  const facts = factsOf(honestHistory);
  const all = new Set(Array.from({ length: facts.audit.windows.length }, (_, row) => row));
  const bucket = bucketOf(facts, all);
  expect(checkStores(bucket).tallies).toEqual(checkStores(facts).tallies);
  expect(checkAggregateTruth(bucket)).toEqual(checkAggregateTruth(facts));
});

test("a window that was revised is none to plant in, wherever it lies", () => {
  const { published } = honestHistory;
  const keyOf = ({ aggregate: { device, window } }: (typeof published)[number]) =>
    `${device.id}/${window.start}`;
  const revisions = Map.groupBy(published, keyOf);
  const singles = [...revisions.values()].filter((all) => all.length === 1).slice(0, 3);
  const revised = published.filter((each) => revisions.get(keyOf(each))!.length > 1);
  expect(revised.length).toBeGreaterThan(6);
  const facts = factsOf({ ...honestHistory, published: [...revised, ...singles.flat()] });
  expect(runCanary(facts)).toEqual({ planted: 9, caught: 9 });
});
