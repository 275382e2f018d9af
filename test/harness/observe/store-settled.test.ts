import { expect, test } from "vitest";
import { createStoreRows } from "../../../harness/facts/store-rows.ts";
import { evidenceBetween } from "../../../harness/observe/store-evidence.ts";
import type { StoreScan } from "../../../harness/observe/store-scan.ts";
import { untilSettled } from "../../../harness/observe/store-settled.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

function scanned(digest: string): StoreScan {
  return { rows: createStoreRows("cassandra", []), count: 0, digest, leastWrites: 0 };
}

function settle(digests: readonly string[], withinMs: number, previous?: StoreScan) {
  const clock = createVirtualClock(0);
  const rest = [...digests];
  const work = untilSettled({
    scan: async () => scanned(rest.shift() ?? `moving-${clock.monotonicMs()}`),
    clock,
    signal: new AbortController().signal,
    pauseMs: 100,
    withinMs,
    ...(previous === undefined ? {} : { previous }),
  });
  return clock.runUntil(work, 60_000);
}

test("a store stands still when two scans in a row saw the same", async () => {
  const settling = await settle(["a", "b", "b", "c"], 10_000);
  expect(settling).toMatchObject({ settled: true, scans: 3, scan: { digest: "b" } });
});

test("a scan at hand counts as the first of the two", async () => {
  expect(await settle(["a"], 10_000, scanned("a"))).toMatchObject({ settled: true, scans: 1 });
});

test("a store that keeps moving is given up, and said to move", async () => {
  expect(await settle([], 1_000)).toMatchObject({ settled: false });
});

test("one scan alone settles nothing, however little time there is", async () => {
  expect(await settle(["a", "b"], 0)).toMatchObject({ settled: false, scans: 2 });
});

test("evidence is the difference of two looks; a counter that went back proves nothing", () => {
  const look = (writes: number, notNewer: number | null) => ({ store: "s", writes, notNewer });
  expect(evidenceBetween(look(10, 2), look(15, 7))).toEqual(look(5, 5));
  expect(evidenceBetween(look(10, null), look(12, null))).toEqual(look(2, null));
  expect(evidenceBetween(look(10, 2), look(3, 0))).toEqual(look(0, 0));
});
