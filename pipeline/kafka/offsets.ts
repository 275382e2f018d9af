/**
 * Committed offsets of a group. Source: Kafka protocol guide, OffsetFetch (version 9) and OffsetCommit (8).
 */
import { offsetCommitV8, offsetFetchV9 } from "@platformatic/kafka";
import { openCoordinator } from "./coordinator.ts";
import { refusedBy } from "./kafka-error.ts";
import type { Assignment, CommittedOffset, PartitionOffset } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";

/** A coordinator that moves or restarts is back within this time. */
const patienceMs = 60_000;
/** No open transaction lives longer: 15 minutes is the broker's own limit. */
const unstableForMs = 15 * 60_000;

/** require_stable: waits while a transaction on these offsets is open. Errors: `KafkaError`. */
export async function readCommitted(
  broker: Broker,
  group: string,
  topic: string,
  partitions: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, CommittedOffset>> {
  const coordinator = openCoordinator(broker, { kind: "group", key: group, purpose: "offsets" });
  const topics = [{ name: topic, partitionIndexes: [...partitions] }];
  const answer = await coordinator({
    what: `committed offsets of ${group}`,
    api: offsetFetchV9.api,
    args: [[{ groupId: group, memberId: null, memberEpoch: -1, topics }], true],
    codeOf: ({ groups }) =>
      firstError(groups.flatMap((each) => [each, ...each.topics.flatMap((t) => t.partitions)])),
    forMs: unstableForMs,
    retriable: [brokerCodes.unstableOffsetCommit],
    repeatable: true,
    signal,
  });
  const found = new Map<number, CommittedOffset>();
  for (const each of answer.groups) {
    const all = each.topics.flatMap((t) => t.partitions);
    const error = firstError([each, ...all]);
    if (error !== brokerCodes.none) throw refusedBy(error, `committed offsets of ${group}`);
    for (const { partitionIndex, committedOffset, metadata } of all) {
      if (committedOffset < 0n) continue;
      found.set(partitionIndex, { offset: Number(committedOffset), metadata: metadata ?? "" });
    }
  }
  return found;
}

/**
 * Commits under the generation of the assignment. Errors: `illegal-generation`, `membership-lost`,
 * `rebalance`: definitely not committed.
 */
export async function commitOffsets(
  broker: Broker,
  assignment: Assignment,
  offsets: readonly PartitionOffset[],
): Promise<void> {
  if (offsets.length === 0) return;
  const { group, generation, memberId, groupInstanceId } = assignment;
  const coordinator = openCoordinator(broker, { kind: "group", key: group, purpose: "offsets" });
  const what = `commit of ${group}`;
  const answer = await coordinator({
    what,
    api: offsetCommitV8.api,
    args: [group, generation, memberId, groupInstanceId ?? null, offsetsByTopic(offsets)],
    codeOf: ({ topics }) => firstError(topics.flatMap(({ partitions }) => partitions)),
    forMs: patienceMs,
    repeatable: true,
    signal: undefined,
  });
  const error = firstError(answer.topics.flatMap(({ partitions }) => partitions));
  if (error !== brokerCodes.none) throw refusedBy(error, what);
}

/** As both OffsetCommit and TxnOffsetCommit want them. */
export function offsetsByTopic(offsets: readonly PartitionOffset[]) {
  return [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, each]) => ({
    name,
    partitions: each.map(({ partition, offset, metadata }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: metadata,
    })),
  }));
}

/** The first error code among answers that each carry one; 0 when none failed. */
export function firstError(answers: readonly { readonly errorCode: number }[]): number {
  const failed = answers.find(({ errorCode }) => errorCode !== brokerCodes.none);
  return failed?.errorCode ?? brokerCodes.none;
}
