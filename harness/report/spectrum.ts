/**
 * The percentile spectrum of a hop: how long the slowest half, tenth, hundredth … took. From the histogram where
 * there is one, else from the percentiles that the summary has. Pure.
 */
import type { LatencyHistogram, LatencyPercentiles } from "../observe/histogram.ts";
import type { Point } from "./chart/downsample.ts";

/** The percentiles that people name, and their names in `summary.json`. */
const named = [
  [50, "p50"],
  [90, "p90"],
  [99, "p99"],
  [99.9, "p999"],
  [99.99, "p9999"],
  [99.999, "p99999"],
] as const;

export const namedPercentiles: readonly number[] = named.map(([percentile]) => percentile);

/** Points a nine: enough for a smooth line. */
const stepsPerNine = 20;

/**
 * x = percentile (0..100), y = milliseconds. No percentile deeper than the samples reach: of 1,000 samples nobody
 * knows the 99.99th.
 */
export function spectrumOf(histogram: LatencyHistogram): readonly Point[] {
  const { count } = histogram;
  if (count === 0) return [];
  const nines = Math.min(5, Math.log10(count));
  const steps = Math.floor(nines * stepsPerNine + 1e-9);
  const depths = Array.from({ length: steps + 1 }, (_, at) => at / stepsPerNine);
  const between = depths.map((depth) => 100 * (1 - 10 ** -depth));
  return [...between, ...namedPercentiles.filter((percentile) => reaches(count, percentile))]
    .sort((a, b) => a - b)
    .map((percentile) => ({ x: percentile, y: histogram.percentile(percentile) }));
}

/** Without a histogram: the named percentiles alone. */
export function spectrumOfPercentiles(
  percentiles: Omit<LatencyPercentiles, "p99999"> & { readonly p99999?: number },
): readonly Point[] {
  return named.flatMap(([percentile, name]) => {
    const y = percentiles[name];
    return y !== undefined && reaches(percentiles.count, percentile) ? [{ x: percentile, y }] : [];
  });
}

function reaches(count: number, percentile: number): boolean {
  return count * (1 - percentile / 100) >= 1 - 1e-9;
}
