import fc from "fast-check";
import { expect, test } from "vitest";
import { createLatencyHistogram } from "../../../harness/observe/histogram.ts";

/** The slow, obvious quantile: the smallest sample that so many per cent do not exceed. */
function naiveQuantile(samples: readonly number[], percentile: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)]!;
}

const latencies = fc.array(fc.double({ min: 0, max: 3_000_000, noNaN: true }), { minLength: 1 });

test("a percentile is the naive quantile to a tenth of a per cent and a microsecond", () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(50, 90, 99, 99.9, 100), (samples, percentile) => {
      const histogram = createLatencyHistogram();
      for (const ms of samples) histogram.record(ms);
      const expected = naiveQuantile(samples, percentile);
      const tolerance = expected * 0.001 + 0.001;
      expect(Math.abs(histogram.percentile(percentile) - expected)).toBeLessThanOrEqual(tolerance);
    }),
  );
});

test("histograms of two processes merge into the one that would have seen both", () => {
  fc.assert(
    fc.property(latencies, latencies, (here, there) => {
      const [merged, other, whole] = [0, 1, 2].map(() => createLatencyHistogram());
      for (const ms of here) merged!.record(ms);
      for (const ms of there) other!.record(ms);
      for (const ms of [...here, ...there]) whole!.record(ms);
      merged!.merge(other!.toBase64());
      expect(merged!.percentiles()).toEqual(whole!.percentiles());
    }),
    { numRuns: 30 },
  );
});

test("negative latencies are counted and held as zero, none is dropped", () => {
  const histogram = createLatencyHistogram();
  for (const ms of [-5, -0.001, 2]) histogram.record(ms);
  expect(histogram.count).toBe(3);
  expect(histogram.negatives).toBe(2);
  expect(histogram.percentile(50)).toBe(0);
});

test("no samples are zeros and a count of zero", () => {
  const nothing = { p50: 0, p90: 0, p99: 0, p999: 0, p9999: 0, p99999: 0, max: 0, count: 0 };
  expect(createLatencyHistogram().percentiles()).toEqual(nothing);
});

test("after a reset it is as new", () => {
  const histogram = createLatencyHistogram(2);
  histogram.record(-1);
  histogram.record(9);
  histogram.reset();
  expect([histogram.count, histogram.negatives, histogram.max]).toEqual([0, 0, 0]);
});
