/** The processes of a run as fault steps see them: which may be started, and how each is started again. */
import type { Instances } from "../faults/fault-ports.ts";
import type { FaultStep } from "../scenario/fault-kinds/fault-catalogue.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { instanceSlot, type PipelineOptions } from "./pipeline-slots.ts";
import type { ProcessSlots } from "./process-slots.ts";
import type { RunContext } from "./run-context.ts";
import type { Troubles } from "./troubles.ts";

export type InstanceParts = {
  readonly fleet: Fleet;
  readonly slots: ProcessSlots;
  readonly pipeline: PipelineOptions;
  readonly troubles: Troubles;
};

/** A stand-in has to wait for the session time-out and for the transaction that the zombie left open. */
const instanceReadyWithinMs = 90_000;

/** A slot that neither a process nor a step of the scenario uses. */
export function createStandIns(
  steps: readonly FaultStep[],
  slots: Pick<ProcessSlots, "names">,
): (target: string) => string {
  const given: string[] = [];
  return (target) => {
    const stage = stageOf(target);
    const used = [target, ...steps.map((step) => step.target), ...slots.names(), ...given];
    const taken = used.filter((name) => stageOf(name) === stage).map(slotOf);
    const name = `${stage}-${Math.max(...taken) + 1}`;
    given.push(name);
    return name;
  };
}

/** Whatever does not come up is a trouble of the run. */
export function instancesOf(
  { signal }: Pick<RunContext, "signal">,
  parts: InstanceParts,
): Instances {
  const { fleet, slots, pipeline, troubles } = parts;
  const isUp = async (starting: Promise<unknown>): Promise<boolean> => {
    try {
      await starting;
      return true;
    } catch (error) {
      signal.throwIfAborted();
      troubles.note(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  return {
    isRunning: slots.isRunning,
    kill: slots.kill,
    restart: (name) =>
      isUp(stageOf(name) === "simulator" ? fleet.restart(name) : slots.restart(name)),
    start: (name) => {
      const spec = instanceSlot(pipeline, name);
      return isUp(slots.start({ ...spec, readyWithinMs: instanceReadyWithinMs }));
    },
    stop: slots.stop,
    suspend: slots.suspend,
    resume: slots.resume,
    lastExit: (name) => slots.usage()[name]?.exits.at(-1),
  };
}
