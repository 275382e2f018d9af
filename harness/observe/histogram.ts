/**
 * Latencies in an HDR histogram: milliseconds outside, whole microseconds inside, three digits
 * kept. Negative values (two clocks, one subtraction) are recorded as 0 and counted, never dropped.
 */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

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

export type LatencyHistogram = {
  readonly count: number;
  /** How many of `count` were negative. */
  readonly negatives: number;
  readonly max: number;
  readonly record: (ms: number) => void;
  /**
   * The value below which `percentile` (0..100) per cent of the samples lie; 0 when there are none.
   */
  readonly percentile: (percentile: number) => number;
  readonly percentiles: () => LatencyPercentiles;
  /** Adds another process's histogram of microseconds, as `toBase64` wrote it. */
  readonly merge: (base64: string) => void;
  readonly toBase64: () => string;
};

/** A longer latency is a stall, which is told otherwise; the histogram holds it as an hour. */
const longestUs = 3_600_000_000;

export function createLatencyHistogram(): LatencyHistogram {
  const histogram: Histogram = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestUs,
    numberOfSignificantValueDigits: 3,
  });
  let negatives = 0;
  const percentile = (at: number): number =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(at) / 1_000;
  return {
    get count() {
      return histogram.totalCount;
    },
    get negatives() {
      return negatives;
    },
    get max() {
      return histogram.totalCount === 0 ? 0 : histogram.maxValue / 1_000;
    },
    record(ms) {
      if (ms < 0) negatives++;
      histogram.recordValue(Math.min(longestUs, Math.max(0, Math.round(ms * 1_000))));
    },
    percentile,
    percentiles: () => ({
      p50: percentile(50),
      p90: percentile(90),
      p99: percentile(99),
      p999: percentile(99.9),
      p9999: percentile(99.99),
      p99999: percentile(99.999),
      max: percentile(100),
      count: histogram.totalCount,
    }),
    merge: (base64) => histogram.add(decodeFromCompressedBase64(base64, 32)),
    toBase64: () => encodeIntoCompressedBase64(histogram),
  };
}
