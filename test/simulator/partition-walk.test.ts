import fc from "fast-check";
import { expect, test } from "vitest";
import { closingReadings } from "../../simulator/closing.ts";
import { countSends } from "../../simulator/count-plan.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import {
  anyOptions,
  oddOptions,
  type Send,
  smallOptions,
  sortedSends,
  startAt,
} from "./plan-fixture.ts";

function walked(plan: Plan, partition: number, steps: readonly number[], atMost?: number): Send[] {
  const walk = createPartitionWalk(plan, partition);
  const sends: Send[] = [];
  for (const until of steps) {
    let visited: number;
    do {
      visited = walk.advance(
        until,
        ({ device, index }, copy, sendAt, position) => {
          expect(position).toBe(sends.length);
          sends.push({ sendAt, device, index, copy });
        },
        atMost,
      );
    } while (visited === atMost);
  }
  expect(walk.position).toBe(sends.length);
  return sends;
}

test("a walk visits what sorting all sends of the partition yields", () => {
  fc.assert(
    fc.property(fc.oneof(anyOptions, oddOptions), (options) => {
      const plan = createPlan(options);
      for (let partition = 0; partition < options.partitions; partition++) {
        const all = walked(plan, partition, [Number.POSITIVE_INFINITY]);
        expect(all).toEqual(sortedSends(plan, partition));
      }
    }),
    { numRuns: 60 },
  );
});

test("the order does not depend on the steps or on how many are taken at once", () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 41 * 20_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(anyOptions, cuts, fc.integer({ min: 1, max: 50 }), (options, offsets, atMost) => {
      const plan = createPlan(options);
      const steps = offsets.map((offset) => startAt + offset);
      const last = Number.POSITIVE_INFINITY;
      expect(walked(plan, 0, [...steps, last], atMost)).toEqual(sortedSends(plan, 0));
    }),
    { numRuns: 60 },
  );
});

test("a walk stops before `until`, not at it", () => {
  const plan = createPlan(smallOptions);
  const all = sortedSends(plan, 1);
  const until = all[100]!.sendAt;
  expect(walked(plan, 1, [until])).toEqual(all.filter(({ sendAt }) => sendAt < until));
});

test("a partition without devices has no sends", () => {
  const plan = createPlan({ ...smallOptions, devices: 1 });
  const counts = countSends(plan).byPartition;
  expect(counts.filter((count) => count > 0)).toHaveLength(1);
});

test("countSends counts what the walks visit, up to a cut", () => {
  const plan = createPlan(smallOptions);
  const cutAt = startAt + 700_000;
  for (const cut of [undefined, cutAt]) {
    const sends = [0, 1, 2]
      .flatMap((partition) => sortedSends(plan, partition))
      .filter(({ sendAt }) => cut === undefined || sendAt < cut);
    const counted = countSends(plan, cut);
    expect(counted.sends).toBe(sends.length);
    expect(counted.duplicates).toBe(sends.filter(({ copy }) => copy === 1).length);
    expect(counted.readings).toBe(counted.sends - counted.duplicates);
    expect(counted.byFate.reduce((sum, count) => sum + count)).toBe(counted.readings);
  }
});

/** Stream time as the contract words it, slow: the lowest of the three highest `at` of distinct devices. */
function streamTime(readings: readonly { device: number; at: number }[], quorum: number): number {
  const highest = new Map<number, number>();
  for (const { device, at } of readings) {
    highest.set(device, Math.max(at, highest.get(device) ?? at));
  }
  return [...highest.values()].toSorted((a, b) => b - a)[quorum - 1] ?? Number.NEGATIVE_INFINITY;
}

test("closing readings bring stream time past the last window's retention, by steps below `ahead`", () => {
  fc.assert(
    fc.property(anyOptions, fc.integer({ min: 1, max: 40 }), fc.nat(), (options, rounds, more) => {
      const { sizeMs, graceMs, retentionMs, aheadMs, quorum } = options.window;
      // Otherwise a second of grace takes thousands of windows of three milliseconds.
      fc.pre(graceMs < 100 * sizeMs);
      const plan = createPlan(options);
      const cutAt = startAt + rounds * options.everyMs + (more % sizeMs);
      const closing = closingReadings(plan, 0, cutAt);
      const lastEnd = (Math.floor((cutAt - 1) / sizeMs) + 1) * sizeMs;
      expect(streamTime(closing, quorum)).toBeGreaterThanOrEqual(
        lastEnd + Math.max(graceMs, retentionMs),
      );
      const times = closing.map(({ at }) => at);
      const steps = times.map((at, i) => at - (times[i - 1] ?? cutAt));
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...steps)).toBeLessThanOrEqual(Math.min(sizeMs, aheadMs / 2));
      expect(closing.map(({ sendAt }) => sendAt)).toEqual(times);
      expect(closing.map(({ device, seq }) => ({ device, seq }))).toEqual(
        closing.map((_, i) => ({
          device: plan.fleetDevices + (i % quorum),
          seq: Math.floor(i / quorum),
        })),
      );
      expect(closing.every(({ device }) => plan.partitionOf(device) === 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
