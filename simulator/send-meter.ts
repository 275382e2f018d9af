/**
 * How well the generator kept its schedule and how fast Kafka answered, counted from the *intended* time of each
 * reading, so that waiting is not left out (coordinated omission). HDR histograms in microseconds, three digits.
 * What was intended before the warm-up's end, and closing readings, are sent and judged but not measured.
 */
import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

type Percentiles = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly p99999: number;
  readonly max: number;
  readonly count: number;
};

/** Milliseconds, and the whole histogram (µs) as HdrHistogram's compressed base64. */
export type MeasuredLatency = { readonly base64: string; readonly ms: Percentiles };

export type SendMeter = {
  /** One reading. `ackedAtMs` is NaN when it was not acked. Never-sent readings are not given. */
  readonly record: (intendedAtMs: number, sentAtMs: number, ackedAtMs: number) => void;
  /** p99 of the send lag in ms since the last call, of measured and other readings alike; 0 for none. */
  readonly recentLagMs: () => number;
  readonly result: () => {
    readonly sendLag: MeasuredLatency;
    readonly publish: MeasuredLatency;
    /** First and last actual send of measured readings, wall ms; absent when there were none. */
    readonly firstSentAtMs?: number;
    readonly lastSentAtMs?: number;
    /** Measured readings that were acked. */
    readonly acked: number;
    readonly sent: number;
  };
};

const hourUs = 3_600_000_000;

/** `measureFromMs`: wall time at which the warm-up ends. */
export function createSendMeter(measureFromMs: number): SendMeter {
  const lag = histogram(3);
  const publish = histogram(3);
  const recent = histogram(2);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;

  function record(intendedAtMs: number, sentAtMs: number, ackedAtMs: number): void {
    const lagUs = toUs(sentAtMs - intendedAtMs);
    recent.recordValue(lagUs);
    if (intendedAtMs < measureFromMs) return;
    lag.recordValue(lagUs);
    if (sentAtMs < first) first = sentAtMs;
    if (sentAtMs > last) last = sentAtMs;
    if (!Number.isNaN(ackedAtMs)) publish.recordValue(toUs(ackedAtMs - intendedAtMs));
  }

  return {
    record,
    recentLagMs() {
      const ms = recent.totalCount > 0 ? recent.getValueAtPercentile(99) / 1000 : 0;
      recent.reset();
      return ms;
    },
    result: () => ({
      sendLag: measured(lag),
      publish: measured(publish),
      ...(lag.totalCount > 0 ? { firstSentAtMs: first, lastSentAtMs: last } : {}),
      acked: publish.totalCount,
      sent: lag.totalCount,
    }),
  };
}

function histogram(numberOfSignificantValueDigits: 2 | 3): Histogram {
  return build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: hourUs,
    numberOfSignificantValueDigits,
  });
}

/** A send before its intended time is one of a clock's rounding: 0. Longer than an hour is an hour. */
function toUs(ms: number): number {
  return Math.min(Math.max(Math.round(ms * 1000), 0), hourUs);
}

function measured(of: Histogram): MeasuredLatency {
  const at = (percentile: number): number =>
    of.totalCount > 0 ? of.getValueAtPercentile(percentile) / 1000 : 0;
  return {
    base64: encodeIntoCompressedBase64(of),
    ms: {
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      p9999: at(99.99),
      p99999: at(99.999),
      max: of.totalCount > 0 ? of.maxValue / 1000 : 0,
      count: of.totalCount,
    },
  };
}
