/** The scenario's replays with what names them: in the report, and in the names of what they make. Pure. */
import { modeOf } from "../scenario/replay-steps.ts";
import type { ReplayStep } from "../scenario/scenario.ts";

export type NumberedStep = ReplayStep & {
  /** Position among all that are played, from 0. */
  readonly step: number;
  /**
   * The how-manieth of those that make something of their own, from 1: `new<nth>` is in the names of a new store,
   * `again<nth>` in those of a second pipeline. 0 for those that make nothing.
   */
  readonly nth: number;
  /** As the scenario wrote it: `rewind at-rest`, `new-store 20s`, `rewind at-rest +1d`. */
  readonly mode: string;
};

/** A step of `times: 2` is two, one after the other. */
export function numberSteps(steps: readonly ReplayStep[]): readonly NumberedStep[] {
  let made = 0;
  return steps.flatMap(repeated).map(({ one, mode }, step) => {
    const makes = one.kind !== "rewind" && one.kind !== "rebuild";
    if (makes) made++;
    return { ...one, step, nth: makes ? made : 0, mode };
  });
}

function repeated(one: ReplayStep): { readonly one: ReplayStep; readonly mode: string }[] {
  const mode = modeOf(one);
  const times = one.kind === "rewind" ? (one.times ?? 1) : 1;
  if (times === 1) return [{ one, mode }];
  return Array.from({ length: times }, (_, nth) => ({
    one,
    mode: `${mode}, ${nth + 1} of ${times}`,
  }));
}
