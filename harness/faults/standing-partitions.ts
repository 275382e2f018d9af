/**
 * Where the work of a fault's target stands still although there is some: asked when it was not
 * seen to go on, so that the verdict can name the partitions. A fault that stopped nothing (a
 * burst, a hot key) leaves none.
 */
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts } from "./fault-ports.ts";
import type { FaultReport } from "./fault-report.ts";
import { hasMoved, progressOn, within } from "./stage-recovery.ts";

/** Above a session and a transaction time-out: not every player has waited for the work himself. */
const watchMs = 20_000;

/** Ascending; none for a target that is no stage's. Errors: those of the requests. */
export async function standingPartitions(
  { target, effect, recoveredMs }: FaultReport,
  ports: FaultPorts,
): Promise<readonly number[]> {
  const stage = workStage(target);
  if (effect === null || recoveredMs !== null || stage === undefined || ports.hopeless()) return [];
  const before = await progressOn(stage, undefined, ports);
  let now = before;
  const moved = async (): Promise<boolean> => {
    now = await progressOn(stage, undefined, ports);
    return hasMoved(before, now, true);
  };
  if (await within(ports, moved, watchMs)) return [];
  const stood = [...now].filter(
    ([partition, { done, idle }]) => !idle && before.get(partition)?.done === done,
  );
  return stood.map(([partition]) => partition).sort((a, b) => a - b);
}

/**
 * The stage whose offsets tell of the target's work: `job-cassandra` for `cassandra`, `aggregator`
 * for `aggregator/kafka`. Undefined: a topic, the fleet, or a server that all stages need.
 */
export function workStage(target: string): string | undefined {
  const stage = workOf(target.split("/")[0] ?? target);
  return stage === "aggregator" || stage.startsWith("job-") ? stage : undefined;
}
