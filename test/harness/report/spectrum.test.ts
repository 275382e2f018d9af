import fc from "fast-check";
import { expect, test } from "vitest";
import { createLatencyHistogram } from "../../../harness/observe/histogram.ts";
import { spectrumOf, spectrumOfPercentiles } from "../../../harness/report/spectrum.ts";

test("a spectrum rises, begins with the least and never goes deeper than the samples reach", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 300 }),
      (samples) => {
        const histogram = createLatencyHistogram();
        for (const ms of samples) histogram.record(ms);
        const points = spectrumOf(histogram);
        expect(
          points.every(
            ({ x, y }, at) => at === 0 || (x >= points[at - 1]!.x && y >= points[at - 1]!.y),
          ),
        ).toBe(true);
        const deepest = points.at(-1)!.x;
        expect(samples.length * (1 - deepest / 100)).toBeGreaterThanOrEqual(1 - 1e-6);
      },
    ),
    { numRuns: 40 },
  );
});

test("without samples there is none", () => {
  expect(spectrumOf(createLatencyHistogram())).toEqual([]);
});

test("from a summary: the named percentiles that its samples reach", () => {
  const of = { p50: 1, p90: 2, p99: 3, p999: 4, p9999: 5, p99999: 6, max: 7 };
  expect(spectrumOfPercentiles({ ...of, count: 1_000 }).map(({ x }) => x)).toEqual([
    50, 90, 99, 99.9,
  ]);
  expect(spectrumOfPercentiles({ ...of, count: 0 })).toEqual([]);
});
