/** The figures of a run: rates, lateness of the generator, latency by hop. Merged histograms, never averages. */
import type { WorkerResult } from "../../../simulator/worker-protocol.ts";
import { createLatencyHistogram, type LatencyHistogram } from "../../observe/histogram.ts";
import type { FirstRevisions } from "../../observe/start-observer-protocol.ts";
import type { Measurements } from "../../scenario/evaluate-thresholds.ts";
import type { Timeline } from "../timeline.ts";

export type Rate = {
  readonly plannedPerSecond: number;
  readonly heldPerSecond: number;
  readonly perDay: number;
};

const daySeconds = 86_400;

/**
 * Of the measured part: what the plan holds of it over the time it was to take, against what was acked over the
 * time it took from the first actual send to the last. Everything planned is sent, however late: an open loop.
 */
export function measuredRate(
  results: readonly WorkerResult[],
  timeline: Timeline,
  endedAtEventMs: number,
): Rate {
  const sum = (of: (result: WorkerResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const endMs = Math.min(timeline.loadEndMs, timeline.wallOf(endedAtEventMs));
  const plannedSeconds = Math.max(0, endMs - timeline.measureFromMs) / 1_000;
  const firsts = results.flatMap(({ measured }) => measured.firstSentAtMs ?? []);
  const lasts = results.flatMap(({ measured }) => measured.lastSentAtMs ?? []);
  const tookSeconds = (Math.max(...lasts) - Math.min(...firsts)) / 1_000;
  const sent = sum(({ measured }) => measured.sent);
  const acked = sum(({ measured }) => measured.acked);
  const heldPerSecond = firsts.length > 0 && tookSeconds > 0 ? acked / tookSeconds : 0;
  return {
    plannedPerSecond: plannedSeconds > 0 ? sent / plannedSeconds : 0,
    heldPerSecond,
    perDay: heldPerSecond * daySeconds,
  };
}

export function mergeLatencies(
  results: readonly WorkerResult[],
  which: "sendLag" | "publish",
): LatencyHistogram {
  const merged = createLatencyHistogram();
  for (const { measured } of results) merged.merge(measured[which].base64);
  return merged;
}

export type AggregateLatency = {
  readonly histogram: LatencyHistogram;
  readonly record: (revisions: readonly FirstRevisions[]) => void;
};

/**
 * Hop `aggregate`: from the moment when a window could first close until its first revision could be read.
 * `onSample`: told of each as it is seen, so many of one latency at once.
 */
export function createAggregateLatency(
  timeline: () => Timeline | undefined,
  onSample?: (hop: "aggregate", ms: number, count: number) => void,
): AggregateLatency {
  const histogram = createLatencyHistogram();
  return {
    histogram,
    record(revisions) {
      const at = timeline();
      if (at === undefined) return;
      for (const { windowStart, atMs, count } of revisions) {
        const closesAt = at.couldCloseAt(windowStart);
        if (closesAt < at.measureFromMs || closesAt >= at.loadEndMs) continue;
        for (let i = 0; i < count; i++) histogram.record(atMs - closesAt);
        onSample?.("aggregate", atMs - closesAt, count);
      }
    },
  };
}

/** What thresholds are held against. A share that was not measured is absent, not zero. */
export function thresholdMeasurements(options: {
  readonly rate: Rate;
  readonly sendLag: LatencyHistogram;
  readonly latencies: Readonly<Record<string, LatencyHistogram>>;
  readonly counts: Readonly<Record<string, number>>;
}): Measurements {
  const { rate, sendLag, latencies, counts } = options;
  const measured = new Map<string, number | LatencyHistogram>(Object.entries(counts));
  if (rate.plannedPerSecond > 0)
    measured.set("heldRate", rate.heldPerSecond / rate.plannedPerSecond);
  measured.set("sendLagMs", sendLag);
  for (const [hop, histogram] of Object.entries(latencies)) {
    measured.set(`latencyMs.${hop}`, histogram);
  }
  return measured;
}
