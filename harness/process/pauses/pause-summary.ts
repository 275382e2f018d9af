/** The pauses of a process as `summary.json` has them: milliseconds. What was not measured is absent. */
import type { LatencyPercentiles } from "../../observe/histogram.ts";
import {
  addCollections,
  type CollectionKind,
  type Collections,
  type CollectionsByKind,
} from "./pause-report.ts";

export type PauseSummary = {
  /**
   * How late the event loop came to what was due, as a moment taken at random met it: a stall counts for every look
   * that it held up, not for one. Absent also for a process that has no such loop.
   */
  readonly eventLoopDelayMs?: LatencyPercentiles;
  /** For how long the garbage collector held the process. */
  readonly gcPauseMs?: GcPauses;
};

type GcFigures = { readonly count: number; readonly total: number; readonly max: number };

export type GcPauses = GcFigures & {
  /** Only kinds that there were. */
  readonly kinds: Readonly<Partial<Record<CollectionKind, GcFigures>>>;
};

const none: Collections = { count: 0, totalMs: 0, maxMs: 0 };

export function gcPausesOf(sums: CollectionsByKind): GcPauses {
  const kinds = Object.entries(sums).map(([kind, of]) => [kind, figures(of)] as const);
  const all = Object.values(sums).reduce(addCollections, none);
  return { ...figures(all), kinds: Object.fromEntries(kinds) };
}

function figures({ count, totalMs, maxMs }: Collections): GcFigures {
  return { count, total: totalMs, max: maxMs };
}
