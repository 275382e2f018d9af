import { expect, test } from "vitest";
import { createAggregateLatency } from "../../../../harness/run/figures/measurements.ts";
import type { Timeline } from "../../../../harness/run/timeline.ts";

const timeline: Timeline = {
  originMs: 0,
  measureFromMs: 1_000,
  loadEndMs: 5_000,
  wallOf: (ms) => ms,
  eventOf: (ms) => ms,
  couldCloseAt: (windowStart) => windowStart + 500,
  windows: [],
};

test("latency of the aggregator: windows that can close within the measured load, each told as it is seen", () => {
  const told: unknown[] = [];
  const aggregate = createAggregateLatency(
    () => timeline,
    (hop, ms, count) => told.push([hop, ms, count]),
  );
  aggregate.record([
    { windowStart: 0, atMs: 900, count: 3 }, // Closes in the warm-up.
    { windowStart: 1_000, atMs: 1_700, count: 3 },
    { windowStart: 4_500, atMs: 5_100, count: 3 }, // Closed by the closing readings.
  ]);
  expect(told).toEqual([["aggregate", 200, 3]]);
  expect(aggregate.histogram.count).toBe(3);
});

test("before the timeline is known nothing is measured", () => {
  const aggregate = createAggregateLatency(() => undefined);
  aggregate.record([{ windowStart: 1_000, atMs: 1_700, count: 3 }]);
  expect(aggregate.histogram.count).toBe(0);
});
