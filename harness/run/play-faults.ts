/**
 * The fault steps of a scenario with the parts of a run: each waits for its time, is done to the processes of the
 * run, and is watched until the work has gone on. Load and drain go on meanwhile.
 */
import type { PoisonPlace } from "../facts/run-record.ts";
import type { FaultPorts } from "../faults/fault-ports.ts";
import type { FaultReport } from "../faults/fault-report.ts";
import { openGroupMembers } from "../faults/group-members.ts";
import { playFault, undone } from "../faults/play-fault.ts";
import type { FaultStep } from "../scenario/fault-kinds/fault-catalogue.ts";
import { type FaultParts, playPorts } from "./play-ports.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Each settles when the work of its target has gone on, or has not in time. `over` ends what has not begun. A fault
 * that a trouble kept from its end is reported as one without effect; the trouble is on the list.
 */
export function playFaults(
  context: RunContext,
  parts: FaultParts,
  over: AbortSignal,
): readonly Promise<FaultReport>[] {
  const { scenario, stack } = context;
  const { status, troubles } = parts;
  if (scenario.faults.length === 0) return [];
  const members = openGroupMembers(stack.kafka.bootstrap);
  const ports = playPorts(context, parts, members, over);
  const active = new Set<FaultStep>();
  const show = (): void => {
    const names = [...active].map(({ kind, target }) => `${kind} ${target}`);
    status.fault(names.length > 0 ? names.join(", ") : undefined);
  };
  const play = async (step: FaultStep, placed: PoisonPlace[]): Promise<FaultReport> => {
    if (!(await untilTime(step.atMs, context, parts, over))) return undone(step).report();
    active.add(step);
    show();
    try {
      return await playFault(step, { ...ports, poison: noting(ports.poison, placed) });
    } finally {
      active.delete(step);
      show();
    }
  };
  const faults = scenario.faults.map(async (step): Promise<FaultReport> => {
    const poisons: PoisonPlace[] = [];
    const what = `the fault ${step.kind} of ${step.target}`;
    const work = (): Promise<FaultReport> => play(step, poisons);
    const report = await troubles.attempt(what, work, await undone(step).report());
    return poisons.length === 0 ? report : { ...report, poisons };
  });
  for (const fault of faults) fault.catch(() => undefined); // Whoever asks for its report is told.
  void Promise.allSettled(faults).then(() => members[Symbol.asyncDispose]());
  return faults;
}

/** False when the load was over first. */
export async function untilTime(
  atMs: number,
  { clock, signal }: Pick<RunContext, "clock" | "signal">,
  { timeline }: Pick<FaultParts, "timeline">,
  over: AbortSignal,
): Promise<boolean> {
  const waitMs = timeline.originMs + atMs - clock.now();
  return clock.sleep(Math.max(0, waitMs), AbortSignal.any([over, signal])).then(
    () => true,
    () => false,
  );
}

/** What lies in a topic lies there, whatever becomes of the fault: nobody may be blamed for it. */
function noting(poison: FaultPorts["poison"], placed: PoisonPlace[]): FaultPorts["poison"] {
  return async (target, form) => {
    const place = await poison(target, form);
    placed.push(place);
    return place;
  };
}
