import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ProbeTarget,
  startVisibilityProbe,
  type VisibilityProbeOptions,
} from "../../../harness/observe/visibility-probe.ts";
import { sampleDevices, sampledMax } from "../../../harness/observe/visibility-sample.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

/** A store in which each row of a window can be seen from `visibleAtMs(window)` on. */
function world(
  visibleAtMs: (windowStart: number) => number,
  more: Partial<VisibilityProbeOptions>,
) {
  const clock = createVirtualClock(0);
  const asked: ProbeTarget[][] = [];
  const probe = startVisibilityProbe({
    poll: {
      seen: async (targets) => {
        asked.push([...targets]);
        return targets.filter(({ windowStart }) => visibleAtMs(windowStart) <= clock.now());
      },
      close: async () => undefined,
    },
    clock,
    seed: 1,
    devices: 1_000,
    deviceId: (device) => `t-${device}`,
    measureFromMs: 0,
    ...more,
  });
  return { clock, probe, asked };
}

test("a latency runs from when the window could close to the poll that sees the row", async () => {
  const told: number[] = [];
  const { clock, probe } = world(() => 1_450, { onSample: (ms) => told.push(ms) });
  probe.windowCouldClose(0, 1_000);
  await clock.advance(2_000);
  expect(probe.histogram.count).toBe(2);
  expect(probe.histogram.percentile(50)).toBeCloseTo(500, 0);
  expect(told).toEqual([500, 500]);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(probe.notSeen).toBe(0);
});

test("nothing is asked for before its window could close", async () => {
  const { clock, probe, asked } = world(() => 0, {});
  probe.windowCouldClose(0, 1_000);
  await clock.advance(900);
  expect(asked).toEqual([]);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(probe.histogram.count).toBe(2);
});

test("what is not seen in time is given up and counted", async () => {
  const { clock, probe } = world(() => 1e9, { giveUpAfterMs: 300 });
  probe.windowCouldClose(0, 0);
  await clock.advance(1_000);
  expect([probe.notSeen, probe.open, probe.histogram.count]).toEqual([2, 0, 0]);
  await clock.runUntil(probe.finish(0), 5_000);
});

test("what is still open at the end is counted as not seen", async () => {
  const { clock, probe } = world(() => 1e9, {});
  probe.windowCouldClose(0, 0);
  await clock.runUntil(probe.finish(500), 5_000);
  expect([probe.notSeen, probe.open]).toEqual([2, 0]);
});

test("windows of the warm-up are not measured", async () => {
  const { clock, probe } = world(() => 0, { measureFromMs: 5_000 });
  probe.windowCouldClose(0, 4_999);
  expect(probe.open).toBe(0);
  await clock.runUntil(probe.finish(0), 5_000);
});

test("a poll that fails is counted, and the next one sees what it missed", async () => {
  const clock = createVirtualClock(0);
  let polls = 0;
  const probe = startVisibilityProbe({
    poll: {
      seen: async (targets) => {
        if (++polls === 1) throw new Error("down");
        return targets;
      },
      close: async () => undefined,
    },
    clock,
    seed: 1,
    devices: 10,
    deviceId: String,
    measureFromMs: 0,
  });
  probe.windowCouldClose(0, 0);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect([probe.failedPolls, probe.histogram.count, probe.notSeen]).toEqual([1, 1, 0]);
  expect(probe.lastFailure).toEqual(new Error("down"));
});

test("a sample is distinct devices of the fleet, the same for the same seed, never too many", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), (seed, devices, at) => {
      const sample = sampleDevices(seed, devices, at * 1_000);
      expect(sample).toEqual(sampleDevices(seed, devices, at * 1_000));
      expect(new Set(sample).size).toBe(sample.length);
      expect(sample.length).toBe(Math.min(sampledMax, Math.max(1, Math.round(devices / 500))));
      expect(sample.every((device) => device >= 0 && device < devices)).toBe(true);
    }),
  );
});

test("each window has a sample of its own", () => {
  expect(sampleDevices(1, 25_000, 0)).not.toEqual(sampleDevices(1, 25_000, 300_000));
});

test("the longer a row lets wait, the more seldom it is asked for", async () => {
  const { clock, probe, asked } = world(() => 1e9, {});
  probe.windowCouldClose(0, 0);
  await clock.advance(10_000);
  const before = asked.length;
  await clock.advance(90_000);
  // Every 0.2 s at 10 s, every 2 s at 100 s: far fewer than ten a second, and never none.
  expect(asked.length - before).toBeGreaterThan(90);
  expect(asked.length - before).toBeLessThan(150);
  await clock.runUntil(probe.finish(0), 5_000);
});

test("a window that could close before the poll can answer is not looked for", async () => {
  let ready = false;
  const { clock, probe, asked } = world(() => 0, { isReady: () => ready });
  probe.windowCouldClose(0, 100);
  await clock.advance(1_000);
  ready = true;
  probe.windowCouldClose(300_000, 1_500);
  await clock.runUntil(probe.finish(2_000), 5_000);
  expect(new Set(asked.flat().map(({ windowStart }) => windowStart))).toEqual(new Set([300_000]));
  expect([probe.histogram.count, probe.notSeen]).toEqual([2, 0]);
});
