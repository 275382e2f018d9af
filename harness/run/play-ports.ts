/** What fault steps are done with in a run: its processes, servers, groups, topics and jobs behind the ports. */
import { ackProgress } from "../faults/ack-progress.ts";
import { indicesOf } from "../faults/block-indices.ts";
import { orFaultError } from "../faults/fault-error.ts";
import type { StageProgress } from "../faults/fault-ports.ts";
import type { GroupMembers } from "../faults/group-members.ts";
import type { PlayPorts } from "../faults/play-fault.ts";
import { createPoisoner } from "../faults/poison-producer.ts";
import { serversOf } from "../faults/stop-servers.ts";
import { openStranger } from "../faults/stranger.ts";
import type { TargetLocks } from "../faults/target-locks.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import { createStandIns, type InstanceParts, instancesOf } from "./fault-instances.ts";
import { jobsOf } from "./fault-jobs.ts";
import type { Groups, Stage } from "./groups.ts";
import type { JobRest } from "./job-rest.ts";
import type { LiveStatus } from "./live-status.ts";
import type { RunContext } from "./run-context.ts";
import type { TaskWatch } from "./task-watch.ts";
import type { Timeline } from "./timeline.ts";

export type FaultParts = InstanceParts & {
  readonly groups: Groups;
  readonly locks: TargetLocks;
  readonly rest: JobRest;
  readonly tasks: TaskWatch;
  readonly timeline: Timeline;
  readonly status: LiveStatus;
};

/** `over`: aborted when the load ends. */
export function playPorts(
  context: RunContext,
  parts: FaultParts,
  members: GroupMembers,
  over: AbortSignal,
): PlayPorts {
  const { clock, signal, scenario, stack, names } = context;
  const { fleet, slots, groups, locks, status, timeline, troubles } = parts;
  const { bootstrap } = stack.kafka;
  const stageAt = (target: string): Stage | undefined =>
    groups.stages.find(({ processes }) => processes === stageOf(target));
  return {
    instances: instancesOf(context, parts),
    servers: serversOf(
      { elasticsearch: stack.elasticsearch.process, cassandra: stack.cassandra.process },
      clock,
    ),
    indices: indicesOf({ node: stack.elasticsearch.node, indices: names.indices, clock, signal }),
    jobs: jobsOf({
      jobs: context.jobs,
      rest: parts.rest,
      tasks: parts.tasks,
      hold: (target, work) =>
        locks.hold(
          slots.names().filter((name) => stageOf(name) === target),
          work,
        ),
    }),
    openStranger(target) {
      const stage = stageAt(target);
      if (stage === undefined) throw new Error(`No stage of this run is ${target}.`);
      return openStranger({ bootstrap, group: stage.group, topic: stage.topic, signal });
    },
    poison: createPoisoner({
      bootstrap,
      topic: names.topics.aggregated,
      partitions: scenario.topics.partitions,
      signal,
    }),
    async progressOf(target) {
      const stage = stageAt(target);
      if (stage !== undefined) return groupProgress(groups, stage);
      return ackProgress(fleet.ackFiles[slotOf(target)] ?? "", over.aborted);
    },
    async membersOf(target) {
      const stage = stageAt(target);
      return stage === undefined ? [] : members.of(stage.group, stage.topic);
    },
    async dropMembers(target, ids) {
      const stage = stageAt(target);
      if (stage === undefined) throw new Error(`No stage of this run is ${target}.`);
      const what = `the group ${stage.group} did not throw ${target} out`;
      await orFaultError(what, signal, () => members.drop(stage.group, ids));
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
