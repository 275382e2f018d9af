/**
 * How well the generator kept its schedule and how fast Kafka answered, counted from the *intended* time of each
 * reading, so that waiting is not left out (coordinated omission). HDR histograms in microseconds, three digits.
 * What was intended before the warm-up's end, and closing readings, are sent and judged but not measured.
 *
 * A meter outlives its worker by what `state` gives about once a second. After a kill the histograms lack what was
 * settled since then, and the sends that became unknown; the counts lack nothing: they come from the facts.
 */
import {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";
import { z } from "zod";
import {
  buildLatencies,
  type LatencyPercentiles,
  latencyUs,
  percentileMs,
  percentilesMs,
} from "./latency-percentiles.ts";

/** Milliseconds, and the whole histogram (µs) as HdrHistogram's compressed base64. */
export type MeasuredLatency = { readonly base64: string; readonly ms: LatencyPercentiles };

const stateSchema = z.object({
  /** Histograms (µs) as HdrHistogram's compressed base64. */
  sendLag: z.string(),
  publish: z.string(),
  answer: z.string(),
  firstSentAtMs: z.number().optional(),
  lastSentAtMs: z.number().optional(),
});

/** What a meter has measured so far, to be kept in a file. */
export type MeterState = z.infer<typeof stateSchema>;

/** Measured sends of a killed life, as the facts have them. */
export type PastSends = {
  /** Those of unknown outcome included. */
  readonly sent: number;
  readonly acked: number;
  /** Of the acked ones, wall ms; infinite when there are none. */
  readonly firstIntendedAtMs: number;
  readonly lastIntendedAtMs: number;
};

/** What a killed life leaves to the meter of the next; `state` is absent when it never came to write one. */
export type PastMeter = { readonly sends: PastSends; readonly state?: MeterState };

export type SendMeter = {
  /**
   * `count` readings that were alike; 1. `ackedAtMs` is NaN when they were not acked. Never-sent readings are not
   * given.
   */
  readonly record: (
    intendedAtMs: number,
    sentAtMs: number,
    ackedAtMs: number,
    count?: number,
  ) => void;
  /** p99 of the send lag in ms since the last call, of measured and other readings alike; 0 for none. */
  readonly recentLagMs: () => number;
  readonly state: () => MeterState;
  readonly result: () => {
    readonly sendLag: MeasuredLatency;
    readonly publish: MeasuredLatency;
    /** From leaving to the answer: what Kafka and the wire take, without the wait for the sending. */
    readonly answer: MeasuredLatency;
    /** First and last actual send of measured readings, wall ms; absent when there were none. */
    readonly firstSentAtMs?: number;
    readonly lastSentAtMs?: number;
    /** Measured readings that were acked; after a kill more than `publish` holds. */
    readonly acked: number;
    /** Measured readings that left; of a killed life, all that may have. */
    readonly sent: number;
  };
};

/** Errors: zod's, for what is no state. */
export function parseMeterState(json: unknown): MeterState {
  return stateSchema.parse(json);
}

/** `measureFromMs`: wall time at which the warm-up ends. */
export function createSendMeter(measureFromMs: number, past?: PastMeter): SendMeter {
  const state = past?.state;
  const lag = buildLatencies();
  const publish = buildLatencies();
  const answer = buildLatencies();
  const recent = buildLatencies(2);
  if (state !== undefined) {
    lag.add(decodeFromCompressedBase64(state.sendLag));
    publish.add(decodeFromCompressedBase64(state.publish));
    answer.add(decodeFromCompressedBase64(state.answer));
  }
  const unmeasuredSent = (past?.sends.sent ?? 0) - lag.totalCount;
  const unmeasuredAcked = (past?.sends.acked ?? 0) - publish.totalCount;
  // Without a state the intended times stand in: a send never left before its own.
  let first = state?.firstSentAtMs ?? past?.sends.firstIntendedAtMs ?? Number.POSITIVE_INFINITY;
  let last = Math.max(
    state?.lastSentAtMs ?? Number.NEGATIVE_INFINITY,
    past?.sends.lastIntendedAtMs ?? Number.NEGATIVE_INFINITY,
  );

  function record(intendedAtMs: number, sentAtMs: number, ackedAtMs: number, count = 1): void {
    // A send before its intended time is one of a clock's rounding: 0.
    const lagUs = latencyUs(sentAtMs - intendedAtMs);
    recent.recordValueWithCount(lagUs, count);
    if (intendedAtMs < measureFromMs) return;
    lag.recordValueWithCount(lagUs, count);
    if (sentAtMs < first) first = sentAtMs;
    if (sentAtMs > last) last = sentAtMs;
    if (Number.isNaN(ackedAtMs)) return;
    publish.recordValueWithCount(latencyUs(ackedAtMs - intendedAtMs), count);
    answer.recordValueWithCount(latencyUs(ackedAtMs - sentAtMs), count);
  }

  function span(): { readonly firstSentAtMs?: number; readonly lastSentAtMs?: number } {
    return first <= last ? { firstSentAtMs: first, lastSentAtMs: last } : {};
  }

  return {
    record,
    recentLagMs() {
      const ms = percentileMs(recent, 99);
      recent.reset();
      return ms;
    },
    state: () => ({
      sendLag: encodeIntoCompressedBase64(lag),
      publish: encodeIntoCompressedBase64(publish),
      answer: encodeIntoCompressedBase64(answer),
      ...span(),
    }),
    result: () => ({
      sendLag: measured(lag),
      publish: measured(publish),
      answer: measured(answer),
      ...span(),
      acked: publish.totalCount + unmeasuredAcked,
      sent: lag.totalCount + unmeasuredSent,
    }),
  };
}

function measured(of: Histogram): MeasuredLatency {
  return { base64: encodeIntoCompressedBase64(of), ms: percentilesMs(of) };
}
