/**
 * The shape of `facts/series.ndjson`: what could be seen of a run, a line a second, appended while it goes on. A
 * head line says when the load began; every other line is one moment. A file that was broken off, or in which a
 * line is damaged, is read as far as it is sound: what is not there is not shown, and the damage is counted.
 */
import { z } from "zod";

export const seriesFile = "series.ndjson";

/** The years that a date can tell, and a run of a hundred days: what lies outside was never written by a run. */
const instant = z.number().min(0).max(8.64e15);
const elapsed = z.number().min(-8.64e9).max(8.64e9);
/** Of records, milliseconds, bytes. */
const amount = z.number().min(0).max(1e15);

const headSchema = z.object({
  schema: z.literal(1),
  /** Wall time at which the load began, epoch milliseconds. */
  originMs: instant,
});

const stageSchema = z.object({
  total: amount,
  /** From the readings since the line before; absent in a stage's first line, or where its total went back. */
  perSecond: amount.exactOptional(),
  /** Records behind the stage before it. */
  lag: amount.exactOptional(),
  /** The worst of the p99s that were told within this line's time: of the fleet, its send lag. */
  p99Ms: amount.exactOptional(),
});

/** Of the samples of this line's time alone. */
const hopSchema = z.object({ p50: amount, p99: amount, count: amount });

const usageSchema = z.object({
  cpuSeconds: amount,
  maxRssBytes: amount,
  rssBytes: amount.exactOptional(),
});

const pointSchema = z.object({
  /** Since the load began, warm-up included; negative before. */
  atMs: elapsed,
  phase: z.string(),
  /** Since the load began: when this phase did. */
  phaseFromMs: elapsed,
  /** By name; only those that told figures since the line before. */
  stages: z.record(z.string(), stageSchema),
  latencyMs: z.record(z.string(), hopSchema),
  /** The fault that is on. */
  fault: z.string().exactOptional(),
  /** By process, since its start; in one line of five. */
  processes: z.record(z.string(), usageSchema).exactOptional(),
});

export type SeriesUsage = z.infer<typeof usageSchema>;
export type SeriesPoint = z.infer<typeof pointSchema>;

export type Series = {
  /** undefined: the head is missing, and so is the time of day. */
  readonly originMs: number | undefined;
  readonly points: readonly SeriesPoint[];
  /** Whole lines that could not be read. */
  readonly damagedLines: number;
};

export const noSeries: Series = { originMs: undefined, points: [], damagedLines: 0 };

export function seriesHeadLine(originMs: number): string {
  return `${JSON.stringify({ schema: 1, originMs })}\n`;
}

export function seriesPointLine(point: SeriesPoint): string {
  return `${JSON.stringify(point, rounded)}\n`;
}

/** A microsecond, a millisecond of CPU: finer says nothing here. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1_000) / 1_000 : value;
}

/** Points come in the order of time, whatever the file's. A last line without its end is not counted as damage. */
export function parseSeries(text: string): Series {
  const lines = text.split("\n");
  const cutOff = lines.pop() ?? ""; // Empty when the last line is whole.
  let originMs: number | undefined;
  let damagedLines = 0;
  const points: SeriesPoint[] = [];
  for (const line of lines) {
    const value = parseLine(line);
    const point = pointSchema.safeParse(value);
    if (point.success) {
      points.push(point.data);
      continue;
    }
    const head = headSchema.safeParse(value);
    if (head.success) originMs = head.data.originMs;
    else damagedLines++;
  }
  const last = pointSchema.safeParse(parseLine(cutOff));
  if (last.success) points.push(last.data);
  points.sort((a, b) => a.atMs - b.atMs);
  return { originMs, points, damagedLines };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Counted by the caller.
  }
}
