/** One run of bench:pipeline, from its first reading to its last row, as figures. */
import { join } from "node:path";
import { readRunRecord } from "../../harness/facts/run-facts.ts";
import { readReportRun } from "../../harness/report/read-report-run.ts";
import type { SeriesPoint } from "../../harness/report/series-shape.ts";
import type { Summary } from "../../harness/report/summary-json.ts";
import type { PlayedRun } from "../prove/play-run.ts";

export type PipelineRound = {
  readonly passed: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
  /** Readings ÷ the time from the first until the jobs had committed the last row: it is searchable a second later. */
  readonly perSecond: number;
  /** Cores by process, while the measured load went on. */
  readonly cores: ReadonlyMap<string, number>;
  /** µs of CPU a reading, of all processes, from the first reading to the last row: closing and drain included. */
  readonly cpu: number;
  readonly sendLagMs: Summary["sendLagMs"];
  readonly latencyMs: Summary["latencyMs"];
};

type Usage = { readonly atMs: number; readonly cpuSeconds: ReadonlyMap<string, number> };

/** Errors: `Error` with what the run said last, where it came to no verdict. */
export async function pipelineRound({
  folder,
  summary,
  output,
}: PlayedRun): Promise<PipelineRound> {
  if (folder === undefined || summary === undefined) {
    throw new Error(`the run came to no verdict: ${output}`);
  }
  const run = readReportRun(folder);
  const { drainSeen } = await readRunRecord(join(folder, "facts"));
  const points = run.series.points;
  const drainFromMs = points.find(({ phase }) => phase === "drain")?.phaseFromMs;
  if (drainFromMs === undefined || drainSeen === undefined) {
    throw new Error(`the run never came to its drain: ${output}`);
  }
  const lastRowMs = drainFromMs + drainSeen.afterMs;
  const usages = points.flatMap(usageOf);
  const load = points.filter(({ phase }) => phase === "load").flatMap(usageOf);
  return {
    passed: summary.verdict === "PASS",
    reasons: [...summary.reasons, ...summary.findings.map((finding) => finding.class)],
    perSecond: summary.readings.acked / (lastRowMs / 1_000),
    cores: coresBetween(load),
    cpu: cpuUntil(usages, lastRowMs) / summary.readings.acked,
    sendLagMs: summary.sendLagMs,
    latencyMs: summary.latencyMs,
  };
}

function usageOf({ atMs, processes }: SeriesPoint): readonly Usage[] {
  if (processes === undefined) return [];
  const cpuSeconds = new Map(Object.entries(processes).map(([name, of]) => [name, of.cpuSeconds]));
  return [{ atMs, cpuSeconds }];
}

function coresBetween(usages: readonly Usage[]): ReadonlyMap<string, number> {
  const [first, last] = [usages[0], usages.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    throw new Error("the load was too short to see what its processes used: give --for 30 or more");
  }
  const seconds = (last.atMs - first.atMs) / 1_000;
  return new Map(
    [...last.cpuSeconds].map(([name, used]) => [
      name,
      (used - (first.cpuSeconds.get(name) ?? 0)) / seconds,
    ]),
  );
}

/** µs, from the first look on: up to the first one behind the last row, so a little too much. */
function cpuUntil(usages: readonly Usage[], lastRowMs: number): number {
  const sum = ({ cpuSeconds }: Usage): number => [...cpuSeconds.values()].reduce((a, b) => a + b);
  const end = usages.find(({ atMs }) => atMs >= lastRowMs) ?? usages.at(-1)!;
  return (sum(end) - sum(usages[0]!)) * 1e6;
}
