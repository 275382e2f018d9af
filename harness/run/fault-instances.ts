/** The processes of a run as fault steps see them: which may be started, and how each is started again. */
import type { Instances } from "../faults/fault-ports.ts";
import { isAtStart } from "../scenario/fault-kinds/crash-point-names.ts";
import type { FaultStep } from "../scenario/fault-kinds/fault-catalogue.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import { crashSlot, crashSlotAtStart } from "./crash-slot.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { instanceSlot, type PipelineOptions } from "./pipeline-slots.ts";
import type { ProcessSlots, SlotSpec } from "./process-slots.ts";
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
  { clock, signal }: Pick<RunContext, "clock" | "signal">,
  parts: InstanceParts,
  over: AbortSignal,
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
    async crash(name, point) {
      const options = { slots, clock, over, signal };
      if (!isAtStart(stageOf(name), point)) return crashSlot(name, point, options);
      let died = false;
      await isUp(
        crashSlotAtStart(name, point, options).then((there) => {
          died = there;
        }),
      );
      return died;
    },
    restart: (name) =>
      isUp(stageOf(name) === "simulator" ? fleet.restart(name) : slots.restart(name)),
    start: (name) => {
      const spec = instanceSlot(pipeline, name);
      return isUp(slots.start({ ...spec, readyWithinMs: instanceReadyWithinMs }));
    },
    startAhead(name, byMs) {
      const spec = aheadBy(instanceSlot(pipeline, name), byMs);
      return isUp(slots.start({ ...spec, readyWithinMs: instanceReadyWithinMs }));
    },
    running: () => slots.names().filter(slots.isRunning),
    stop: slots.stop,
    suspend: slots.suspend,
    resume: slots.resume,
    lastExit: (name) => slots.usage()[name]?.exits.at(-1),
  };
}

/** The clock of a job is an argument of it: it plays the load's event time. */
export function aheadBy(spec: SlotSpec, byMs: number): SlotSpec {
  const args = spec.args.map((arg, index) => {
    if (spec.args[index - 1] !== "--clock") return arg;
    const clock = JSON.parse(arg) as { readonly start: number };
    return JSON.stringify({ ...clock, start: clock.start + byMs });
  });
  return { ...spec, args };
}
