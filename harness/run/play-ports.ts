/** What fault steps are done with in a run: its processes, servers, groups, topics and jobs behind the ports. */
import { ackProgress } from "../faults/ack-progress.ts";
import { indicesOf } from "../faults/block-indices.ts";
import { diskOf } from "../faults/disk-watermarks.ts";
import { orFaultError } from "../faults/fault-error.ts";
import type { GroupMember, StageProgress } from "../faults/fault-ports.ts";
import type { GroupMembers } from "../faults/group-members.ts";
import { openZombie } from "../faults/open-zombie.ts";
import { createPhantomWriter } from "../faults/phantom-producer.ts";
import type { PlayPorts } from "../faults/play-fault.ts";
import { createPoisoner } from "../faults/poison-producer.ts";
import { serverRestarts } from "../faults/restart-servers.ts";
import { serversOf } from "../faults/stop-servers.ts";
import { openStranger } from "../faults/stranger.ts";
import type { TargetLocks } from "../faults/target-locks.ts";
import { throughOutage } from "../faults/through-outage.ts";
import { topicAdmin } from "../faults/topic-admin.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import { createStandIns, type InstanceParts, instancesOf } from "./fault-instances.ts";
import { jobsOf } from "./fault-jobs.ts";
import type { Groups, Stage } from "./groups.ts";
import type { JobRest } from "./job-rest.ts";
import type { RunLinks } from "./links.ts";
import type { LiveStatus } from "./live-status.ts";
import type { RunContext } from "./run-context.ts";
import type { TaskWatch } from "./task-watch.ts";
import type { Timeline } from "./timeline.ts";

export type FaultParts = InstanceParts & {
  readonly groups: Groups;
  readonly locks: TargetLocks;
  readonly rest: JobRest;
  readonly links: RunLinks;
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
  const { node } = stack.elasticsearch;
  const inElasticsearch = { node, indices: names.indices, clock, signal };
  const stageAt = (target: string): Stage | undefined =>
    groups.stages.find(({ processes }) => processes === stageOf(target));
  const { partitions } = scenario.topics;
  const poison = createPoisoner({ bootstrap, partitions, signal });
  return {
    instances: instancesOf(context, parts, over),
    servers: {
      ...serversOf(
        {
          kafka: stack.kafka.process,
          elasticsearch: stack.elasticsearch.process,
          cassandra: stack.cassandra.process,
        },
        clock,
      ),
      restart: serverRestarts(stack, signal),
    },
    indices: { ...indicesOf(inElasticsearch), ...diskOf(inElasticsearch) },
    topics: {
      ...topicAdmin({
        bootstrap,
        topics: names.topics,
        partitions: scenario.topics.partitions,
        clock,
        signal,
      }),
      nameOf: (target) => names.topics[target as keyof typeof names.topics],
    },
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
    links: parts.links,
    openStranger(target) {
      const stage = stageAt(target);
      if (stage === undefined) throw new Error(`No stage of this run is ${target}.`);
      return openStranger({ bootstrap, group: stage.group, topic: stage.topic, signal });
    },
    openZombie(target) {
      const transactionalId = `${names.aggregatorGroup}-${slotOf(target)}`;
      return openZombie({ bootstrap, transactionalId, topic: names.topics.aggregated, signal });
    },
    poison: (target, form) => poison(names.topics[target as keyof typeof names.topics], form),
    phantom: createPhantomWriter({
      bootstrap,
      topic: names.topics.aggregated,
      plan: context.plan,
      signal,
    }),
    herd: fleet.herd,
    async progressOf(target) {
      const stage = stageAt(target);
      if (stage !== undefined) {
        const ask = (): Promise<StageProgress> => groupProgress(groups, stage);
        return throughOutage(`how far ${target} is`, ask, context);
      }
      // A link of the fleet is one of all its workers, who share no partition.
      const isOne = stageOf(target) !== target;
      const files = isOne ? [fleet.ackFiles[slotOf(target)] ?? ""] : fleet.ackFiles;
      return new Map(files.flatMap((file) => [...ackProgress(file, over.aborted)]));
    },
    async membersOf(target) {
      const stage = stageAt(target);
      if (stage === undefined) return [];
      const ask = (): Promise<readonly GroupMember[]> => members.of(stage.group, stage.topic);
      return throughOutage(`the group of ${target}`, ask, context);
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
