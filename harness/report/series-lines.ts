/** From the series of a run to the lines, bands and phases of its charts. Pure. */
import type { Band, ChartLine, Mark } from "./chart/chart.ts";
import { colourOf } from "./chart/colour-of.ts";
import type { Point } from "./chart/downsample.ts";
import { type TimeFrame, timeText } from "./chart/time-chart.ts";
import type { ReportRun } from "./report-run.ts";
import type { Series, SeriesPoint } from "./series-shape.ts";
import type { FaultSummary } from "./summary-json.ts";
import { shortMs } from "./terminal-text.ts";

type Figure = "perSecond" | "lag" | "p99Ms";

/** Stages of readings; every other one counts aggregates. */
const readingStages: ReadonlySet<string> = new Set(["fleet", "raw topic, audited", "aggregator"]);
/** Scans of the harness are no stage of the pipeline. */
const noStage: ReadonlySet<string> = new Set(["rows read"]);

/** A line a stage, in the order in which they were first seen. */
export function stageLines(
  { points }: Series,
  figure: Figure,
  of: "readings" | "aggregates" | "both",
): ChartLine[] {
  const wanted = (name: string): boolean =>
    !noStage.has(name) && (of === "both" || readingStages.has(name) === (of === "readings"));
  return linesOf(points, ({ stages }) =>
    Object.entries(stages).flatMap(([name, stage]) => {
      const value = stage[figure];
      return wanted(name) && value !== undefined ? [[name, value] as const] : [];
    }),
  );
}

/** Two lines a hop: p99, and p50 in the same colour. */
export function hopLines({ points }: Series): ChartLine[] {
  const p99 = linesOf(points, ({ latencyMs }) =>
    Object.entries(latencyMs).map(([hop, at]) => [`${hop} p99`, at.p99] as const),
  );
  const p50 = linesOf(points, ({ latencyMs }) =>
    Object.entries(latencyMs).map(([hop, at]) => [`${hop} p50`, at.p50] as const),
  );
  return p99.flatMap((line) => {
    const median = p50.find(({ name }) => name === line.name.replace(/p99$/, "p50"));
    return median === undefined ? [line] : [line, { ...median, faint: true }];
  });
}

/** Cores: CPU seconds between two looks, divided by the time between them. */
export function coreLines({ points }: Series): ChartLine[] {
  const before = new Map<string, { atMs: number; cpuSeconds: number }>();
  const lines = linesOf(points, ({ atMs, processes = {} }) =>
    Object.entries(processes).flatMap(([name, { cpuSeconds }]) => {
      const last = before.get(name);
      before.set(name, { atMs, cpuSeconds });
      if (last === undefined || atMs <= last.atMs || cpuSeconds < last.cpuSeconds) return [];
      return [[name, (cpuSeconds - last.cpuSeconds) / ((atMs - last.atMs) / 1_000)] as const];
    }),
  );
  return lines.map((line) => ({ ...line, colour: colourOf(line.name, true) }));
}

function linesOf(
  points: readonly SeriesPoint[],
  values: (point: SeriesPoint) => readonly (readonly [name: string, y: number])[],
): ChartLine[] {
  const lines = new Map<string, Point[]>();
  for (const point of points) {
    for (const [name, y] of values(point)) {
      const line = lines.get(name) ?? [];
      lines.set(name, line);
      line.push({ x: point.atMs, y });
    }
  }
  return [...lines].map(([name, points]) => ({ name, points, colour: colourOf(name) }));
}

export function timeFrame(run: ReportRun): TimeFrame {
  const { points } = run.series;
  const [first] = points;
  const bands =
    run.kind === "finished" ? run.summary.faults.flatMap(faultBands) : bandsSeen(points);
  return {
    fromMs: Math.min(0, first?.atMs ?? 0),
    toMs: Math.max(1_000, points.at(-1)?.atMs ?? 0),
    bands,
    phases: phasesOf(points),
  };
}

/** The fault itself, and paler the time until records flowed again. What left no trace has no band. */
function faultBands(fault: FaultSummary, index: number): Band[] {
  const { kind, target, atMs, untilMs, effect, recoveredMs } = fault;
  if (effect === null) return [];
  const label = String(index + 1);
  const flowing = recoveredMs === null ? "" : `, flowing again after ${shortMs(recoveredMs)}`;
  const title = `${label}: ${kind} ${target} at ${timeText(atMs)}${flowing}`;
  // Neither over nor recovered: it was on to the end.
  const to = untilMs ?? (recoveredMs === null ? Number.POSITIVE_INFINITY : atMs);
  const band = { from: atMs, to, label, title };
  if (recoveredMs === null || atMs + recoveredMs <= to) return [band];
  return [band, { from: to, to: atMs + recoveredMs, label, title, aftermath: true }];
}

/** As the series saw them: all there is of a run that was broken off. */
function bandsSeen(points: readonly SeriesPoint[]): Band[] {
  const bands: { from: number; to: number; name: string }[] = [];
  for (const [at, { atMs, fault }] of points.entries()) {
    const open = bands.at(-1);
    const wasOn = points[at - 1]?.fault;
    if (fault !== undefined && fault === wasOn) open!.to = atMs;
    else if (fault !== undefined) bands.push({ from: atMs, to: atMs, name: fault });
  }
  return bands.map(({ from, to, name }, index) => ({
    from,
    to,
    label: String(index + 1),
    title: `${index + 1}: ${name} at ${timeText(from)}`,
  }));
}

function phasesOf(points: readonly SeriesPoint[]): Mark[] {
  return points.flatMap(({ phase, phaseFromMs }, at) => {
    const isNew = phase !== points[at - 1]?.phase || phaseFromMs !== points[at - 1]?.phaseFromMs;
    return isNew && phase !== "stack" ? [{ at: phaseFromMs, label: phase }] : [];
  });
}
