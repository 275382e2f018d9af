/** What the leader of a group decides for all: the assignments of a new generation. */
import { decodeSubscription, type TopicPartitions } from "./consumer-protocol.ts";
import { fromWire } from "./kafka-error.ts";
import { assignRanges } from "./range-assignor.ts";
import type { Broker } from "./wire/broker.ts";

export type MemberAssignment = { readonly memberId: string; readonly partitions: TopicPartitions };

/** As JoinGroup shows the members to their leader. Errors: `KafkaError`, `unknown-topic` among them. */
export async function leaderAssignments(
  broker: Broker,
  members: readonly {
    readonly memberId: string;
    readonly groupInstanceId?: string | null | undefined;
    readonly metadata: Buffer;
  }[],
): Promise<readonly MemberAssignment[]> {
  const wanting = members.map(({ memberId, groupInstanceId, metadata }) => ({
    memberId,
    groupInstanceId: groupInstanceId ?? undefined,
    topics: decodeSubscription(metadata),
  }));
  const topics = [...new Set(wanting.flatMap((member) => member.topics))].toSorted();
  const counts = new Map<string, number>();
  try {
    for (const topic of topics) counts.set(topic, (await broker.topic(topic)).partitions);
  } catch (error) {
    throw fromWire(error, "assigning partitions");
  }
  return [...assignRanges(wanting, counts)].map(([memberId, partitions]) => ({
    memberId,
    partitions,
  }));
}
