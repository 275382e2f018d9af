/** Latencies of simulator and harness alike: whole microseconds in an HDR histogram, milliseconds outside, three digits kept. */
import { build, type Histogram } from "hdr-histogram-js";

/** As `summary.json` has them, in milliseconds. */
export type LatencyPercentiles = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly p99999: number;
  readonly max: number;
  readonly count: number;
};

/** A longer latency is a stall, which is told otherwise; the histogram holds it as an hour. */
const longestUs = 3_600_000_000;

/** Two digits for what is looked at while it runs, three for what is kept. */
export function buildLatencies(numberOfSignificantValueDigits: 2 | 3 = 3): Histogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestUs,
    numberOfSignificantValueDigits,
  });
}

/** What the histogram takes: a negative one is 0, one of over an hour is an hour. */
export function latencyUs(ms: number): number {
  return Math.min(Math.max(Math.round(ms * 1000), 0), longestUs);
}

/** The value in ms below which `percentile` (0..100) per cent of the samples lie; 0 when there are none. */
export function percentileMs(histogram: Histogram, percentile: number): number {
  return histogram.totalCount > 0 ? histogram.getValueAtPercentile(percentile) / 1000 : 0;
}

export function percentilesMs(histogram: Histogram): LatencyPercentiles {
  return {
    p50: percentileMs(histogram, 50),
    p90: percentileMs(histogram, 90),
    p99: percentileMs(histogram, 99),
    p999: percentileMs(histogram, 99.9),
    p9999: percentileMs(histogram, 99.99),
    p99999: percentileMs(histogram, 99.999),
    max: percentileMs(histogram, 100),
    count: histogram.totalCount,
  };
}
