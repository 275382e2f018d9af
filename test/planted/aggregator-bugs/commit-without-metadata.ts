/**
 * Planted bug: offsets are sent into the transaction by group name alone, without the member's
 * metadata, as all producers did before KIP-447: nothing refuses those of partitions that have gone
 * to another meanwhile.
 * Ancestors: spring-projects/spring-kafka #800, akka/alpakka-kafka #752; dpkp/kafka-python #2984
 * brought the metadata.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { ofNobody } from "./commit-without-generation.ts";
import { withRejoiningMember } from "./rejoining-member.ts";

export function commitWithoutMetadata(kafka: Kafka): Kafka {
  return withRejoiningMember(kafka, ofNobody);
}
