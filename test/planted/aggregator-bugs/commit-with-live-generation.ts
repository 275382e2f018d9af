/**
 * Planted bug: the commit takes whatever generation is the member's now. What was folded of
 * partitions that have gone to another is committed in the name of the new generation: the
 * coordinator checks the generation, not who owns the partition.
 * Ancestors: the race that PostHog/posthog #68804 describes (fenced by generation, not by
 * ownership); KIP-447 has the metadata captured with the records for it.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { withRejoiningMember } from "./rejoining-member.ts";

export function commitWithLiveGeneration(kafka: Kafka): Kafka {
  return withRejoiningMember(kafka, (held, { generation, memberId }) => ({
    ...held,
    generation,
    memberId,
  }));
}
