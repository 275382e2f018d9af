/**
 * What members of a group tell each other through the coordinator, in the format of Kafka's own consumers
 * (version 0), so that a group may hold both. Source: Kafka, ConsumerProtocolSubscription / …Assignment.json.
 */
import { Reader, Writer } from "@platformatic/kafka";

export type TopicPartitions = ReadonlyMap<string, readonly number[]>;

/** The topics a member wants. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  return Writer.create()
    .appendInt16(0)
    .appendArray([...topics], (writer, topic) => writer.appendString(topic, false), false, false)
    .appendBytes(null, false).buffer;
}

/** Later versions append fields, which are not read. */
export function decodeSubscription(bytes: Buffer): string[] {
  const reader = Reader.from(bytes);
  reader.readInt16();
  return reader.readArray((each) => each.readString(false), false, false);
}

export function encodeAssignment(partitions: TopicPartitions): Buffer {
  const topics = [...partitions];
  return Writer.create()
    .appendInt16(0)
    .appendArray(
      topics,
      (writer, [topic, numbers]) => {
        writer.appendString(topic, false);
        writer.appendArray([...numbers], (each, number) => each.appendInt32(number), false, false);
      },
      false,
      false,
    )
    .appendBytes(null, false).buffer;
}

/** No bytes at all is Kafka's way of assigning nothing. */
export function decodeAssignment(bytes: Buffer): Map<string, readonly number[]> {
  if (bytes.length === 0) return new Map();
  const reader = Reader.from(bytes);
  reader.readInt16();
  const topics = reader.readArray(
    (each): [string, number[]] => [
      each.readString(false),
      each.readArray((numbers) => numbers.readInt32(), false, false),
    ],
    false,
    false,
  );
  return new Map(topics);
}
