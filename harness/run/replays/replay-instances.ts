/** The processes of the persisting jobs that a replay has to do with: which they are, and all of them anew. */
import type { FaultStep } from "../../scenario/fault-kinds/fault-catalogue.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { printDuration } from "../../scenario/units.ts";
import { instanceSlot, type PipelineOptions } from "../pipeline-slots.ts";
import type { ProcessSlots } from "../process-slots.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Every name to be held so that nobody starts, stops or kills an instance of these stores' jobs meanwhile. (One that
 * stands in for a paused one is started by whoever holds the paused one's name.)
 */
export function instancesOf(
  stores: readonly StoreName[],
  slots: Pick<ProcessSlots, "names">,
  faults: readonly Pick<FaultStep, "target">[],
): readonly string[] {
  const names = new Set([...slots.names(), ...faults.map(({ target }) => target)]);
  return [...names].filter((name) => {
    const store = /^job-(.+)-\d+$/.exec(name)?.[1];
    return stores.some((one) => one === store);
  });
}

type InstanceParts = {
  readonly slots: ProcessSlots;
  readonly pipeline: PipelineOptions;
  readonly status: { readonly say: (line: string) => void };
};

/** The workers' clock is theirs from their start: all of them begin anew, so much later. */
export async function moveClock(
  clockAheadMs: number,
  stores: readonly StoreName[],
  context: RunContext,
  { slots, pipeline, status }: InstanceParts,
): Promise<void> {
  const ahead = { ...pipeline, clockAheadMs };
  status.say(`the jobs are started again with their clock ${printDuration(clockAheadMs)} later`);
  const running = runningOf(stores, context, slots);
  await Promise.all(running.map(slots.stop));
  await Promise.all(running.map((name) => slots.start(instanceSlot(ahead, name))));
}

/** As after a crash of all of them at once. */
export async function restartJobs(
  stores: readonly StoreName[],
  context: RunContext,
  { slots, status }: InstanceParts,
): Promise<void> {
  status.say("the jobs are killed and started again");
  const running = runningOf(stores, context, slots);
  await Promise.all(running.map(slots.kill));
  await Promise.all(running.map(slots.restart));
}

function runningOf(
  stores: readonly StoreName[],
  { scenario }: RunContext,
  slots: ProcessSlots,
): readonly string[] {
  return instancesOf(stores, slots, scenario.faults).filter(slots.isRunning);
}
