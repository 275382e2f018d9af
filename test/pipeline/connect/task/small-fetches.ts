/** Topics of several small batches, each of which comes with a fetch of its own. */
import { type Aggregate, encodeAggregate } from "../../../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../../../pipeline/kafka/wire/batch-writer.ts";
import { type TaskBench, topic } from "./task-bench.ts";

const never = new AbortController().signal;

/** Without a transaction, so that no marker takes an offset: records are numbered from 0. */
export async function publishBatches(
  { kafka, clock }: TaskBench,
  batches: readonly (readonly (Aggregate | string)[])[],
  partition = 0,
): Promise<void> {
  const client = kafka.connect("publisher");
  const producer = await clock.runUntil(client.openProducer(never), 10_000);
  for (const values of batches) {
    const writer = createBatchWriter(4096);
    const key = Buffer.from("key");
    for (const value of values) {
      const bytes = typeof value === "string" ? Buffer.from(value) : encodeAggregate(value);
      writer.append(key, 0, key.length, bytes, 0, bytes.length);
    }
    await clock.runUntil(producer.send(topic, partition, writer.take()), 10_000);
  }
}

/** A broker answers with one batch at least, however few bytes are asked for. */
export function oneBatchAFetch(kafka: Kafka): Kafka {
  const { log } = kafka;
  return {
    ...kafka,
    log: {
      ...log,
      fetch: (request, signal) => log.fetch({ ...request, maxBytes: 1 }, signal),
    },
  };
}
