/** The wall time of a run's events, from the one moment at which its event time begins. Pure arithmetic. */
import type { Scenario } from "../scenario/scenario.ts";

export type Timeline = {
  readonly originMs: number;
  /** Wall time at which the measured part begins. */
  readonly measureFromMs: number;
  /** Wall time at which the planned load ends. */
  readonly loadEndMs: number;
  readonly wallOf: (eventMs: number) => number;
  readonly eventOf: (wallMs: number) => number;
  /** Wall time at which a window could first have closed: end + grace, had every reading come at its time. */
  readonly couldCloseAt: (windowStart: number) => number;
  /** Starts of the windows that can close within the load, ascending. */
  readonly windows: readonly number[];
};

export function createTimeline(scenario: Scenario, originMs: number): Timeline {
  const { fleet, load, time, window } = scenario;
  const wallOf = (eventMs: number): number => originMs + (eventMs - time.start) / fleet.timeScale;
  const couldCloseAt = (windowStart: number): number =>
    wallOf(windowStart + window.sizeMs + window.graceMs);
  const loadEndMs = originMs + load.warmUpMs + load.forMs;
  const windows: number[] = [];
  const first = Math.floor(time.start / window.sizeMs) * window.sizeMs;
  for (let start = first; couldCloseAt(start) < loadEndMs; start += window.sizeMs) {
    windows.push(start);
  }
  return {
    originMs,
    measureFromMs: originMs + load.warmUpMs,
    loadEndMs,
    wallOf,
    eventOf: (wallMs) => time.start + (wallMs - originMs) * fleet.timeScale,
    couldCloseAt,
    windows,
  };
}
