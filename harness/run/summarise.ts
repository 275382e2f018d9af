/** Puts what was played, measured and judged into `summary.json`'s shape. No judgement here. */
import { availableParallelism, cpus, totalmem } from "node:os";
import type { ReplayRecord } from "../facts/run-record.ts";
import type { LatencyPercentiles } from "../observe/histogram.ts";
import { judgedSummary } from "../report/judged-summary.ts";
import type { ProcessSummary, ReplaySummary, Summary } from "../report/summary-json.ts";
import type { ServerName } from "../stack/artifacts.ts";
import { ownUsage } from "./figures/series-usage.ts";
import type { JudgedRun } from "./judge-run.ts";
import type { PlayedRun } from "./play-run.ts";
import type { RunContext } from "./run-context.ts";

export type RunTimes = {
  /** Wall time, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly durationMs: number;
};

export function summarise(
  context: RunContext,
  played: PlayedRun,
  judged: JudgedRun,
  times: RunTimes,
): Summary {
  const { run, scenario, interrupted, stack } = context;
  const { judgement, thresholds, rate, sendLag, latencies, planned } = judged;
  const { readings } = judgement;
  // The workers' own sums, because they leave the closing readings out.
  const sum = (of: "acked" | "failed" | "unknown"): number =>
    played.results.reduce((total, { counts }) => total + counts[of], 0);
  const ofServer = (server: ServerName): ProcessSummary => ({
    ...stack[server].process.usage(),
    exits: [],
    ...played.pauses[server],
  });
  return {
    schema: 1,
    run,
    scenario: scenario.name,
    seed: scenario.seed,
    ...judgedSummary(judgement),
    interrupted: interrupted.aborted,
    startedAt: new Date(times.startedAtMs).toISOString(),
    durationSeconds: times.durationMs / 1_000,
    rate,
    sendLagMs: sendLag.percentiles(),
    readings: {
      planned,
      acked: sum("acked"),
      failed: sum("failed"),
      unknown: sum("unknown"),
      duplicatesSent: judged.duplicatesSent,
      rejectedPlanned: readings.rejectedPlanned,
      rejectedUnplanned: readings.rejectedUnplanned,
    },
    latencyMs: Object.fromEntries(
      Object.entries(latencies).map(([hop, at]): [string, LatencyPercentiles] => [
        hop,
        at.percentiles(),
      ]),
    ),
    thresholds,
    replay: replaySummaries(played.replays),
    faults: played.faults,
    bursts: played.bursts,
    processes: Object.fromEntries(
      Object.entries(played.processes).map(([name, used]) => [
        name,
        { ...used, ...played.pauses[name] },
      ]),
    ),
    harness: { ...ownUsage(), exits: [], ...played.pauses["harness"] },
    kafka: ofServer("kafka"),
    elasticsearch: ofServer("elasticsearch"),
    cassandra: ofServer("cassandra"),
    versions: { ...stack.versions, node: process.versions.node },
    machine: {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? "unknown",
      memoryBytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
    },
  };
}

/** One entry a replay, its stores side by side. */
function replaySummaries(records: readonly ReplayRecord[]): readonly ReplaySummary[] {
  const bySteps = Map.groupBy(records, ({ mode, step = 0 }) => `${step} ${mode}`);
  return [...bySteps.values()].map((stores) => {
    const by = <T>(of: (record: ReplayRecord) => T): Record<string, T> =>
      Object.fromEntries(stores.map((record) => [record.store, of(record)]));
    return {
      mode: stores[0]!.mode,
      records: Math.max(...stores.map(({ records: read }) => read)),
      storeEvidence: by(({ writesSeen }) => writesSeen),
      digestBefore: by(({ digestBefore }) => digestBefore),
      digestAfter: by(({ digestAfter }) => digestAfter),
      identical: stores.every(({ digestBefore, digestAfter }) => digestBefore === digestAfter),
    };
  });
}
