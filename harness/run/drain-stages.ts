/** Drains the stages of a run, as far as that is to be hoped for. */
import { type DrainOutcome, drain } from "./drain.ts";
import type { Groups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import type { RunContext } from "./run-context.ts";

const drainLeastMs = 180_000;
/**
 * The closing readings close two windows of every device at once, and each makes a row in each store. A store that
 * takes fewer a second than this is as good as stalled, though it moves.
 */
const rowsPerSecondLeast = 2_000;
const windowsClosedAtOnce = 2;
/** What is dead will not drain; the rest gets a moment, so that what can be seen is seen. */
const drainAfterDeathMs = 8_000;

export type DrainContext = Pick<RunContext, "clock" | "signal"> & {
  readonly scenario: { readonly fleet: { readonly devices: number } };
};

export function drainStages(
  { clock, signal, scenario }: DrainContext,
  groups: Pick<Groups, "stages" | "lagOf">,
  status: Pick<LiveStatus, "stage">,
  options: { readonly somethingDied: () => boolean; readonly stages?: readonly string[] },
): Promise<DrainOutcome> {
  const { somethingDied, stages: only } = options;
  const rows = windowsClosedAtOnce * scenario.fleet.devices;
  const drainWithinMs = drainLeastMs + (rows / rowsPerSecondLeast) * 1_000;
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
