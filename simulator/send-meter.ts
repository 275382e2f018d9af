/**
 * How well the generator kept its schedule and how fast Kafka answered, counted from the *intended* time of each
 * reading, so that waiting is not left out (coordinated omission). HDR histograms in microseconds, three digits.
 * What was intended before the warm-up's end, and closing readings, are sent and judged but not measured.
 */
import { encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import {
  buildLatencies,
  type LatencyPercentiles,
  latencyUs,
  percentileMs,
  percentilesMs,
} from "./latency-percentiles.ts";

/** Milliseconds, and the whole histogram (µs) as HdrHistogram's compressed base64. */
export type MeasuredLatency = { readonly base64: string; readonly ms: LatencyPercentiles };

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

/** `measureFromMs`: wall time at which the warm-up ends. */
export function createSendMeter(measureFromMs: number): SendMeter {
  const lag = buildLatencies();
  const publish = buildLatencies();
  const recent = buildLatencies(2);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;

  function record(intendedAtMs: number, sentAtMs: number, ackedAtMs: number): void {
    // A send before its intended time is one of a clock's rounding: 0.
    const lagUs = latencyUs(sentAtMs - intendedAtMs);
    recent.recordValue(lagUs);
    if (intendedAtMs < measureFromMs) return;
    lag.recordValue(lagUs);
    if (sentAtMs < first) first = sentAtMs;
    if (sentAtMs > last) last = sentAtMs;
    if (!Number.isNaN(ackedAtMs)) publish.recordValue(latencyUs(ackedAtMs - intendedAtMs));
  }

  return {
    record,
    recentLagMs() {
      const ms = percentileMs(recent, 99);
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

function measured(of: Histogram): MeasuredLatency {
  return { base64: encodeIntoCompressedBase64(of), ms: percentilesMs(of) };
}
