/**
 * From the last planned reading to a pipeline at rest: the closing readings, what replays and faults still have under
 * way, the drain. What does not come to rest is a trouble, or told by the drain's outcome.
 */
import type { WorkerResult } from "../../simulator/worker-protocol.ts";
import type { FaultReport } from "../faults/fault-report.ts";
import type { DrainOutcome } from "./drain.ts";
import { drainStages } from "./drain-stages.ts";
import type { Probes } from "./figures/probes.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { Groups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import type { LoadOutcome } from "./load.ts";
import type { Observer } from "./observer.ts";
import type { RunContext } from "./run-context.ts";
import type { Troubles } from "./troubles.ts";

type Rest = {
  readonly results: readonly WorkerResult[];
  readonly drained: DrainOutcome;
  readonly faults: readonly FaultReport[];
};

const probesWithinMs = 10_000;
const undrained: DrainOutcome = { kind: "timed-out", stage: "any", lag: 0, afterMs: 0 };

export async function comeToRest(
  context: RunContext,
  parts: {
    readonly fleet: Fleet;
    readonly observer: Observer;
    readonly groups: Groups;
    readonly probes: Probes;
    readonly status: LiveStatus;
    readonly troubles: Troubles;
  },
  load: LoadOutcome,
): Promise<Rest> {
  const { fleet, observer, groups, probes, status, troubles } = parts;
  status.phase("close", "moving stream time past the last window");
  observer.cut(load.endedAtEventMs);
  await troubles.attempt("the closing readings", () => fleet.close(), undefined);
  const results = await troubles.attempt("the fleet", () => fleet.finish(), []);
  status.phase("drain");
  // A job that a replay has stopped would never come to the end of its topic.
  await troubles.attempt("the replays", () => Promise.all(load.replays), []);
  const somethingDied = (): boolean => troubles.sentences.length > 0;
  const drain = (): Promise<DrainOutcome> =>
    drainStages(context, groups, status, { somethingDied });
  const drained = await troubles.attempt("the drain", drain, undrained);
  await probes.finish(probesWithinMs);
  const faults = await troubles.attempt("the faults", () => Promise.all(load.faults), []);
  return { results, drained, faults };
}
