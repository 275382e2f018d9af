/**
 * Latencies in an HDR histogram: milliseconds outside, whole microseconds inside, three digits
 * kept. Negative values (two clocks, one subtraction) are recorded as 0 and counted, never dropped.
 */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import {
  buildLatencies,
  latencyUs,
  type LatencyPercentiles as Percentiles,
  percentileMs,
  percentilesMs,
} from "../../simulator/latency-percentiles.ts";

/** As `summary.json` has them, in milliseconds. */
export type LatencyPercentiles = Percentiles;

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
  /** Forgets all samples: for the histogram of each second. */
  readonly reset: () => void;
};

/** `digits`: two for what is looked at while it runs, three for what is kept. */
export function createLatencyHistogram(digits: 2 | 3 = 3): LatencyHistogram {
  const histogram = buildLatencies(digits);
  let negatives = 0;
  return {
    get count() {
      return histogram.totalCount;
    },
    get negatives() {
      return negatives;
    },
    get max() {
      return percentileMs(histogram, 100);
    },
    record(ms) {
      if (ms < 0) negatives++;
      histogram.recordValue(latencyUs(ms));
    },
    percentile: (at) => percentileMs(histogram, at),
    percentiles: () => percentilesMs(histogram),
    merge: (base64) => histogram.add(decodeFromCompressedBase64(base64, 32)),
    toBase64: () => encodeIntoCompressedBase64(histogram),
    reset() {
      histogram.reset();
      negatives = 0;
    },
  };
}
