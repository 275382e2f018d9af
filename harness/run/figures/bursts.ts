/**
 * How long the pipeline took to get over each moment at which all windows of the fleet closed at once: from the moment
 * when they could close until a stage had committed everything that had to be done for it. The aggregator: all raw
 * readings up to there, since everything that they make due goes out in the transaction that commits them. A store: all
 * aggregates that lay in the topic when the aggregator was done. What comes after is not counted against a burst: neither
 * later revisions nor, for one that the end of the load overtakes, what the drain has to do besides.
 * Stages are looked at about once a second, so a figure is up to two seconds too high, never too low.
 */
import type { BurstSummary } from "../../report/summary-json.ts";
import type { LiveEvent } from "../live-status.ts";
import type { Timeline } from "../timeline.ts";

export type BurstMeter = {
  /** For `LiveStatus.listen`. */
  readonly see: (event: LiveEvent) => void;
  /** Of every window that could close before `endedAtMs` (wall time), where the load ended. To be asked after the drain. */
  readonly bursts: (endedAtMs: number) => readonly BurstSummary[];
};

/** A look at one stage: what it has committed, and where its topic ended. `atMs`: wall time, epoch milliseconds. */
type Look = { readonly atMs: number; readonly total: number; readonly end: number };

const first = "aggregator";
/** A look that is told within this time may have been under way before the moment that it is to show. */
const settledAfterMs = 500;

/** `stores`: names of the stages behind the aggregator. `timeline`: undefined until the load's beginning is known. */
export function createBurstMeter(
  timeline: () => Pick<Timeline, "originMs" | "windows" | "couldCloseAt"> | undefined,
  stores: readonly string[],
): BurstMeter {
  const looks = new Map<string, Look[]>([first, ...stores].map((name) => [name, []]));

  function see(event: LiveEvent): void {
    if (event.kind !== "stage" || event.reading.lag === undefined) return;
    const { total, lag } = event.reading;
    looks.get(event.name)?.push({ atMs: event.atMs, total, end: total + lag });
  }

  function bursts(endedAtMs: number): readonly BurstSummary[] {
    const at = timeline();
    if (at === undefined) return [];
    const closed = at.windows.filter((window) => at.couldCloseAt(window) < endedAtMs);
    return closed.map((window, nth) => {
      const fromMs = at.couldCloseAt(window);
      const next = closed[nth + 1];
      const untilMs = next === undefined ? Number.POSITIVE_INFINITY : at.couldCloseAt(next);
      const aggregated = caughtUpAt(looks.get(first)!, fromMs, untilMs);
      const stored = stores.map((name): [string, number | null] => [
        name,
        aggregated === null ? null : caughtUpAt(looks.get(name)!, aggregated, untilMs),
      ]);
      const absorbedMs = [[first, aggregated] as const, ...stored].map(
        ([name, atMs]): [string, number | null] => [name, atMs === null ? null : atMs - fromMs],
      );
      return {
        window,
        closesAtMs: fromMs - at.originMs,
        absorbedMs: Object.fromEntries(absorbedMs),
      };
    });
  }

  return { see, bursts };
}

/** When the stage was first seen to have committed what its topic held at `fromMs`; null: not before `untilMs`. */
function caughtUpAt(looks: readonly Look[], fromMs: number, untilMs: number): number | null {
  const since = looks.filter(({ atMs }) => atMs >= fromMs + settledAfterMs && atMs < untilMs);
  const goal = since[0]?.end;
  const caughtUp = goal === undefined ? undefined : since.find(({ total }) => total >= goal);
  return caughtUp?.atMs ?? null;
}
