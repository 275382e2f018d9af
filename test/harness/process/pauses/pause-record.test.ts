import fc from "fast-check";
import { expect, test } from "vitest";
import { createPauseRecord } from "../../../../harness/process/pauses/pause-record.ts";
import type {
  CollectionsByKind,
  PauseReport,
} from "../../../../harness/process/pauses/pause-report.ts";

const report = (lateMs: readonly number[], collections: CollectionsByKind = {}): PauseReport => ({
  type: "pauses",
  lateMs,
  collections,
});

test("lives are added up, and percentiles taken of all their samples, not averaged", () => {
  const record = createPauseRecord();
  const quiet = record.nextLife();
  const busy = record.nextLife();
  for (const life of [quiet, busy]) life(report([500])); // About its start.
  for (let second = 0; second < 9; second++) quiet(report(Array(10).fill(1)));
  busy(report(Array(10).fill(11)));
  const loop = record.summary().eventLoopDelayMs!;
  expect(loop.count).toBe(100);
  expect(loop.p50).toBeCloseTo(1, 2);
  expect(loop.p90).toBeCloseTo(1, 2);
  expect(loop.p99).toBeCloseTo(11, 1);
  expect(loop.max).toBeCloseTo(11, 1);
});

test("of two reports in any split the summary is that of one with all samples", () => {
  const lateMs = fc.float({ min: 0, max: 5_000, noNaN: true });
  const samples = fc.array(lateMs, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(samples, fc.nat(), (all, at) => {
      const whole = createPauseRecord();
      whole.add(report(all));
      const split = createPauseRecord();
      split.add(report(all.slice(0, at % all.length)));
      split.add(report(all.slice(at % all.length)));
      expect(split.summary()).toEqual(whole.summary());
    }),
    { numRuns: 20 }, // Histograms of a hundred kilobytes.
  );
});

test("a stall counts for every look that it held up", () => {
  const record = createPauseRecord();
  record.add(report([110]));
  const { count, max, p50 } = record.summary().eventLoopDelayMs!;
  expect(count).toBe(5); // 110, 90, 70, 50 and 30 ms.
  expect(max).toBeCloseTo(110, 0);
  expect(p50).toBeCloseTo(70, 0);
});

test("collections are added by kind, over kinds the longest is kept", () => {
  const record = createPauseRecord();
  record.add(report([0], { minor: { count: 3, totalMs: 4.5, maxMs: 2 } }));
  record.add(
    report([0], {
      minor: { count: 1, totalMs: 1, maxMs: 1 },
      major: { count: 1, totalMs: 30, maxMs: 30 },
    }),
  );
  expect(record.summary().gcPauseMs).toEqual({
    count: 5,
    total: 35.5,
    max: 30,
    kinds: {
      minor: { count: 4, total: 5.5, max: 2 },
      major: { count: 1, total: 30, max: 30 },
    },
  });
});

test("a life that ended before its second report was not measured", () => {
  const record = createPauseRecord();
  record.nextLife()(report([700], { major: { count: 1, totalMs: 9, maxMs: 9 } }));
  expect(record.summary()).toEqual({});
});

test("other messages, and reports that no process of ours would make, are passed over", () => {
  const record = createPauseRecord();
  const life = record.nextLife();
  life(report([1]));
  for (const message of [
    { type: "ready" },
    null,
    "pauses",
    { ...report([1]), lateMs: Array(1_001).fill(1) },
    { ...report([1]), lateMs: [-1] },
    { ...report([1]), lateMs: [Number.NaN] },
    { ...report([1]), collections: { huge: { count: 1, totalMs: 1, maxMs: 1 } } },
  ]) {
    life(message);
  }
  expect(record.summary()).toEqual({});
  life(report([Number.MAX_SAFE_INTEGER / 10_000])); // Longer than the histogram goes.
  expect(record.summary().eventLoopDelayMs!.max).toBeCloseTo(3_600_000, -5);
});
