/**
 * The fault steps of a scenario with the parts of a run: each waits for its time, is done to the processes of the
 * run, and is watched until the work has gone on. Load and drain go on meanwhile.
 */
import { ackProgress } from "../faults/ack-progress.ts";
import type { StageProgress } from "../faults/fault-ports.ts";
import type { FaultReport } from "../faults/fault-report.ts";
import { type GroupMembers, openGroupMembers } from "../faults/group-members.ts";
import { type PlayPorts, playFault, undone } from "../faults/play-fault.ts";
import type { TargetLocks } from "../faults/target-locks.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import type { FaultStep } from "../scenario/scenario.ts";
import { createStandIns, type InstanceParts, instancesOf } from "./fault-instances.ts";
import type { Groups, Stage } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import type { RunContext } from "./run-context.ts";
import type { Timeline } from "./timeline.ts";

export type FaultParts = InstanceParts & {
  readonly groups: Groups;
  readonly locks: TargetLocks;
  readonly timeline: Timeline;
  readonly status: LiveStatus;
};

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
  const play = async (step: FaultStep): Promise<FaultReport> => {
    if (!(await untilTime(step.atMs, context, parts, over))) return undone(step).report();
    active.add(step);
    show();
    try {
      return await playFault(step, ports);
    } finally {
      active.delete(step);
      show();
    }
  };
  const faults = scenario.faults.map(async (step) =>
    troubles.attempt(
      `the fault ${step.kind} of ${step.target}`,
      () => play(step),
      await undone(step).report(),
    ),
  );
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

function playPorts(
  context: RunContext,
  parts: FaultParts,
  members: GroupMembers,
  over: AbortSignal,
): PlayPorts {
  const { clock, signal, scenario } = context;
  const { fleet, slots, groups, locks, status, timeline, troubles } = parts;
  const stageAt = (target: string): Stage | undefined =>
    groups.stages.find(({ processes }) => processes === stageOf(target));
  return {
    instances: instancesOf(context, parts),
    async progressOf(target) {
      const stage = stageAt(target);
      if (stage !== undefined) return groupProgress(groups, stage);
      return ackProgress(fleet.ackFiles[slotOf(target)] ?? "", over.aborted);
    },
    async membersOf(target) {
      const stage = stageAt(target);
      return stage === undefined ? [] : members.of(stage.group, stage.topic);
    },
    locks,
    standInFor: createStandIns(scenario.faults, slots),
    matesOf: (target) =>
      scenario.faults
        .map((step) => step.target)
        .filter((name) => stageOf(name) === stageOf(target)),
    isTooLate: (target) =>
      context.interrupted.aborted || (over.aborted && stageAt(target) === undefined),
    say: status.say,
    clock,
    sinceLoadMs: () => clock.now() - timeline.originMs,
    hopeless: () => troubles.sentences.length > 0,
    signal,
  };
}

/** By the offsets that the group has committed. */
async function groupProgress(groups: Groups, stage: Stage): Promise<StageProgress> {
  const { partitions } = await groups.lagOf(stage);
  return new Map(
    partitions.map(({ partition, committed, lag }) => [
      partition,
      { done: committed > 0n ? committed : 0n, idle: lag === 0 },
    ]),
  );
}
