/**
 * Measures the pauses of the Node process it runs in, and hands over a report about once a second. The looks at the
 * event loop are libuv's own timer (`monitorEventLoopDelay`), so no JavaScript runs between two reports. Of the main thread
 * alone: threads have loops and collectors of their own.
 *
 * What it costs, measured on two crowded cores: an idle process 0.2 to 0.45 % of a core, nearly all of it waking up (looks
 * from a JavaScript timer: twice that); a busy one 0.2 % for the looks, and 0.1 ms for each collection (Node makes an entry
 * of each): 3.6 % at 390 collections a second, nothing to speak of at the one or two of this project's processes.
 */
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
} from "node:perf_hooks";
import { type Clock, tickUnheld } from "../../../simulator/clock.ts";
import {
  type CollectionKind,
  type CollectionsByKind,
  type PauseReport,
  withPause,
} from "./pause-report.ts";

/** A stall that is shorter may fall between two looks. */
export const lookEveryMs = 20;
const reportEveryMs = 1_000;

/** What of Node's histogram of intervals between looks (nanoseconds) is read. */
type Intervals = {
  readonly count: number;
  readonly percentile: (percentile: number) => number;
};

/** Runs until the process ends, or what it returns is called, which reports what is left. */
export function startPauseMeter(
  clock: Pick<Clock, "monotonicMs">,
  report: (report: PauseReport) => void,
): () => void {
  const intervals = monitorEventLoopDelay({ resolution: lookEveryMs });
  intervals.enable();
  const collected = observeCollections();
  let emptiedAt = clock.monotonicMs();
  let ownLateMs: number[] = [];
  let endOwnLook = (): void => undefined;

  function tell(): void {
    const lateMs = [...latenesses(intervals), ...ownLateMs];
    ownLateMs = [];
    intervals.reset();
    report({ type: "pauses", lateMs, collections: collected.take() });
  }

  /** Since the histogram was emptied. */
  function lookMyself(dueMs: number): void {
    ownLateMs.push(lateness(clock.monotonicMs() - emptiedAt, dueMs));
  }

  // Emptied, the histogram forgets when it looked last: a stall that begins right then, or ends with the very turn of
  // the loop that empties it, would be in no interval. So a look of our own comes after it, and one with the report.
  const endReports = tickUnheld(reportEveryMs, () => {
    endOwnLook();
    lookMyself(reportEveryMs);
    tell();
    emptiedAt = clock.monotonicMs();
    endOwnLook = tickUnheld(lookEveryMs, () => {
      endOwnLook();
      lookMyself(lookEveryMs);
    });
  });
  return () => {
    endReports();
    endOwnLook();
    tell();
    intervals.disable();
    collected.end();
  };
}

/** Each sample of the histogram, the shortest first: how much longer than it should be an interval was, ms. */
export function latenesses(intervals: Intervals): readonly number[] {
  const { count } = intervals;
  return Array.from({ length: count }, (_, rank) =>
    lateness(intervals.percentile(((rank + 0.5) / count) * 100) / 1e6, lookEveryMs),
  );
}

/** Never negative (timers have whole milliseconds), to the microsecond. */
function lateness(intervalMs: number, dueMs: number): number {
  return Math.max(0, Math.round((intervalMs - dueMs) * 1_000) / 1_000);
}

function observeCollections(): {
  readonly take: () => CollectionsByKind;
  readonly end: () => void;
} {
  let sums: CollectionsByKind = {};
  const add = (entries: readonly PerformanceEntry[]): void => {
    for (const entry of entries) sums = withPause(sums, kindOf(entry), entry.duration);
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  return {
    take() {
      add(observer.takeRecords()); // What has not been delivered yet.
      const taken = sums;
      sums = {};
      return taken;
    },
    end: () => observer.disconnect(),
  };
}

/** What Node adds to an entry of its collector, and its types leave out. */
function kindOf(entry: PerformanceEntry): CollectionKind {
  const { kind } = (entry as { readonly detail?: { readonly kind?: number } }).detail ?? {};
  if (kind === constants.NODE_PERFORMANCE_GC_MINOR) return "minor";
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR ? "major" : "other";
}
