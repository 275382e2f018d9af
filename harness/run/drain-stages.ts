/** Drains the stages of a run, as far as that is to be hoped for. */
import { type DrainOutcome, drain } from "./drain.ts";
import type { Groups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import type { RunContext } from "./run-context.ts";

const drainWithinMs = 180_000;
/** What is dead will not drain; the rest gets a moment, so that what can be seen is seen. */
const drainAfterDeathMs = 8_000;

export function drainStages(
  { clock, signal }: Pick<RunContext, "clock" | "signal">,
  groups: Groups,
  status: LiveStatus,
  options: { readonly somethingDied: () => boolean; readonly stages?: readonly string[] },
): Promise<DrainOutcome> {
  const { somethingDied, stages: only } = options;
  return drain({
    stages: groups.stages.filter(({ stage }) => only === undefined || only.includes(stage)),
    lagOf: groups.lagOf,
    withinMs: () => (somethingDied() ? drainAfterDeathMs : drainWithinMs),
    clock,
    signal,
    onLag: (stage, { lag, partitions }) => {
      const total = partitions.reduce((sum, { committed }) => sum + Number(committed), 0);
      status.stage(stage, { total: Math.max(0, total), lag });
    },
  });
}
