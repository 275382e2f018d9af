/**
 * A group seen from outside: who is in it, and its offsets while nobody is. Source: Kafka protocol guide,
 * DescribeGroups (version 5), OffsetFetch (9), OffsetCommit (8), OffsetDelete (0), DeleteGroups (2); the
 * broker's rules in org.apache.kafka.coordinator.group.classic.ClassicGroup.
 */
import {
  deleteGroupsV2,
  describeGroupsV5,
  offsetCommitV8,
  offsetDeleteV0,
  offsetFetchV9,
} from "@platformatic/kafka";
import { openCoordinator } from "./coordinator.ts";
import { refusedBy } from "./kafka-error.ts";
import { firstError, offsetsByTopic } from "./offsets.ts";
import { type Groups, KafkaError, type PartitionOffset } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";

/** A coordinator that moves or restarts is back within this time. */
const patienceMs = 60_000;

export type GroupAdmin = Pick<Groups, "memberCount" | "allCommitted" | "alter" | "forget">;

/** All questions may be asked twice: what they set or take away is the same the second time. */
export function openGroupAdmin(broker: Broker): GroupAdmin {
  const always = { forMs: patienceMs, repeatable: true, signal: undefined } as const;
  const coordinatorOf = (group: string) =>
    openCoordinator(broker, { kind: "group", key: group, purpose: "offsets" });

  /** Static members count while their session lasts, whether or not their process lives. */
  async function memberCount(group: string): Promise<number> {
    const what = `members of ${group}`;
    const answer = await coordinatorOf(group)({
      ...always,
      what,
      api: describeGroupsV5.api,
      args: [[group], false],
      codeOf: ({ groups }) => firstError(groups),
    });
    const [found] = answer.groups;
    const code = found?.errorCode ?? brokerCodes.groupIdNotFound;
    if (code === brokerCodes.groupIdNotFound) return 0;
    if (code !== brokerCodes.none) throw refusedBy(code, what);
    return found?.members.length ?? 0;
  }

  /** As they stand: those of an open transaction are not waited for. */
  async function allCommitted(group: string): Promise<readonly PartitionOffset[]> {
    const what = `committed offsets of ${group}`;
    const answer = await coordinatorOf(group)({
      ...always,
      what,
      api: offsetFetchV9.api,
      args: [[{ groupId: group, memberId: null, memberEpoch: -1, topics: null }], false],
      codeOf: ({ groups }) => firstError(groups),
    });
    const code = firstError(answer.groups);
    if (code !== brokerCodes.none && code !== brokerCodes.groupIdNotFound) {
      throw refusedBy(code, what);
    }
    const topics = answer.groups.flatMap((each) => each.topics);
    return topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset, metadata }) => ({
          topic: name,
          partition: partitionIndex,
          offset: Number(committedOffset),
          metadata: metadata ?? "",
        })),
    );
  }

  /** A commit of nobody: the broker takes it of a group without members only. */
  async function alter(group: string, offsets: readonly PartitionOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const what = `offsets of ${group}`;
    const answer = await coordinatorOf(group)({
      ...always,
      what,
      api: offsetCommitV8.api,
      args: [group, -1, "", null, offsetsByTopic(offsets)],
      codeOf: ({ topics }) => firstError(topics.flatMap(({ partitions }) => partitions)),
    });
    const code = firstError(answer.topics.flatMap(({ partitions }) => partitions));
    // With members, nobody is a member unknown to it.
    if (membersSpeak.includes(code)) throw notEmpty(what);
    if (code !== brokerCodes.none) throw refusedBy(code, what);
  }

  async function forget(...[group, partitions]: Parameters<Groups["forget"]>): Promise<void> {
    const what = `offsets of ${group}`;
    if (partitions === undefined) return forgetGroup(group, what);
    if (partitions.length === 0) return;
    // OffsetDelete minds members of the topic only; here any member is one too many.
    if ((await memberCount(group)) > 0) throw notEmpty(what);
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, each]) => ({
      name,
      partitions: each.map(({ partition }) => ({ partitionIndex: partition })),
    }));
    const answer = await coordinatorOf(group)({
      ...always,
      what,
      api: offsetDeleteV0.api,
      args: [group, topics],
      codeOf: ({ errorCode }) => errorCode,
    });
    const each = answer.topics.flatMap((topic) => topic.partitions);
    const failed = each.filter(({ errorCode }) => !gone.includes(errorCode));
    const code = gone.includes(answer.errorCode) ? firstError(failed) : answer.errorCode;
    if (code !== brokerCodes.none) throw refusedBy(code, what);
  }

  async function forgetGroup(group: string, what: string): Promise<void> {
    const answer = await coordinatorOf(group)({
      ...always,
      what,
      api: deleteGroupsV2.api,
      args: [[group]],
      codeOf: ({ results }) => firstError(results),
    });
    const code = firstError(answer.results);
    if (!gone.includes(code)) throw refusedBy(code, what);
  }

  return { memberCount, allCommitted, alter, forget };
}

/** What is not there is forgotten. */
const gone: readonly number[] = [
  brokerCodes.none,
  brokerCodes.groupIdNotFound,
  brokerCodes.unknownTopicOrPartition,
];

const membersSpeak: readonly number[] = [
  brokerCodes.unknownMemberId,
  brokerCodes.illegalGeneration,
  brokerCodes.rebalanceInProgress,
];

function notEmpty(what: string): KafkaError {
  const message = `${what} belong to its members while it has some: stop them first`;
  return new KafkaError("group-not-empty", message, { definite: true });
}
