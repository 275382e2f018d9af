/** The topics of the broker in memory, by name. */
import { KafkaError } from "../../pipeline/kafka/port.ts";
import type { TimestampType } from "./memory-batch.ts";
import { createMemoryPartition, type MemoryPartition } from "./memory-partition.ts";

export type MemoryTopics = {
  /** Errors: `RangeError` when it exists. */
  readonly create: (name: string, partitions: number, timestamps?: TimestampType) => void;
  readonly find: (topic: string) => readonly MemoryPartition[] | undefined;
  /** Errors: `KafkaError` of code `unknown-topic`. */
  readonly partitions: (topic: string) => readonly MemoryPartition[];
  readonly partition: (topic: string, partition: number) => MemoryPartition;
};

export function createMemoryTopics(now: () => number): MemoryTopics {
  const topics = new Map<string, readonly MemoryPartition[]>();

  function create(name: string, count: number, timestamps: TimestampType = "append"): void {
    if (topics.has(name)) throw new RangeError(`topic ${name} exists`);
    const numbers = Array.from({ length: count }, (_, partition) => partition);
    topics.set(
      name,
      numbers.map((partition) =>
        createMemoryPartition({ topic: name, partition, timestamps, now }),
      ),
    );
  }

  function partitions(topic: string): readonly MemoryPartition[] {
    const found = topics.get(topic);
    if (found === undefined) throw unknown(topic);
    return found;
  }

  function partition(topic: string, number: number): MemoryPartition {
    const found = partitions(topic)[number];
    if (found === undefined) throw unknown(`${topic}-${number}`);
    return found;
  }

  return { create, find: (topic) => topics.get(topic), partitions, partition };
}

function unknown(what: string): KafkaError {
  return new KafkaError("unknown-topic", `the broker has no ${what}`, { definite: true });
}
