/**
 * The pauses of a JVM from its own log of collections (unified logging, JEP 158, decorated with the time of day): every
 * line of a stop of all threads that says how long it took. Concurrent work stops nobody and does not count.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type CollectionKind, type CollectionsByKind, withPause } from "./pause-report.ts";
import { gcPausesOf, type PauseSummary } from "./pause-summary.ts";

/** `[2026-11-23T11:21:45.034+0000]… GC(0) Pause Young (Normal) (G1 Evacuation Pause) 48M->5M(1024M) 7.859ms` */
const pauseLine = /^\[(\d{4}-[^\]]+)\].*\bGC\(\d+\) Pause (\w+)\b.* (\d+(?:\.\d+)?)ms$/gm;

const kinds = { Young: "minor", Full: "major" } as const satisfies Record<string, CollectionKind>;

/** A file that ended well before holds nothing later; the kernel stamps files by a clock that ticks slower than ours. */
const fileTimeIsBehindMs = 1_000;

/**
 * Of all files of the log, those that the JVM has put aside included, from `fromMs` on (wall time, epoch ms). Nothing
 * is told when there is no log, or none that can be read: pauses are then not measured, not absent.
 */
export function readGcPauses(file: string, fromMs: number): Pick<PauseSummary, "gcPauseMs"> {
  try {
    const folder = dirname(file);
    const parts = readdirSync(folder).filter((name) => isPart(name, basename(file)));
    if (parts.length === 0) return {};
    const texts = parts
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).mtimeMs >= fromMs - fileTimeIsBehindMs)
      .map((path) => readFileSync(path, "latin1"));
    return { gcPauseMs: gcPausesOf(parseGcLog(texts.join("\n"), fromMs)) };
  } catch {
    return {}; // A figure beside the verdict: without it a run is no less judged.
  }
}

/** `fromMs`: of pauses that ended at or after this moment. */
export function parseGcLog(text: string, fromMs: number): CollectionsByKind {
  let sums: CollectionsByKind = {};
  for (const [, at = "", what = "", ms = ""] of text.matchAll(pauseLine)) {
    if (!(Date.parse(at) >= fromMs)) continue;
    sums = withPause(sums, what in kinds ? kinds[what as keyof typeof kinds] : "other", Number(ms));
  }
  return sums;
}

/** `gc.log`, and `gc.log.0` and so on, which it was before it was put aside. */
function isPart(name: string, log: string): boolean {
  return name === log || (name.startsWith(`${log}.`) && /^\d+$/.test(name.slice(log.length + 1)));
}
