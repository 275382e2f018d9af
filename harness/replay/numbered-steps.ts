/** The scenario's replays with what names them: in the report, and in the names of new stores. Pure. */
import type { ReplayStep } from "../scenario/scenario.ts";
import { printDuration } from "../scenario/units.ts";

export type NumberedStep = ReplayStep & {
  /** Position in the scenario's list, from 0. */
  readonly step: number;
  /** The how-manieth of its kind, from 1: `new<nth>` is in the names of a new store. */
  readonly nth: number;
  /** As the scenario wrote it: `rewind at-rest`, `new-store 20s`, `rewind at-rest +1d`. */
  readonly mode: string;
};

export function numberSteps(steps: readonly ReplayStep[]): readonly NumberedStep[] {
  return steps.map((one, step) => ({
    ...one,
    step,
    nth: steps.slice(0, step + 1).filter(({ kind }) => kind === one.kind).length,
    mode: modeOf(one),
  }));
}

function modeOf({ kind, atMs, clockAheadMs }: ReplayStep): string {
  const when = atMs === undefined ? "at-rest" : printDuration(atMs);
  return `${kind} ${when}${clockAheadMs === undefined ? "" : ` +${printDuration(clockAheadMs)}`}`;
}
