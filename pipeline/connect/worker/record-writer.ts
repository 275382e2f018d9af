/**
 * One producer for all that a worker writes to its topics. It is opened when it is first needed,
 * and after an error thrown away and opened again: what it left in flight is nobody's business, for
 * a record may be written twice.
 */
import type { Kafka, Producer } from "../../kafka/port.ts";
import { createBatchWriter } from "../../kafka/wire/batch-writer.ts";

export type RecordWriter = {
  /** Resolves with the record's offset in partition 0. Errors: `KafkaError`. */
  readonly write: (topic: string, key: string, value: object | null) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** Enough for a config of a few kilobytes; the batch grows beyond it. */
const initialBytes = 4_096;

export function createRecordWriter(kafka: Pick<Kafka, "openProducer">): RecordWriter {
  const control = new AbortController();
  let opened: Promise<Producer> | undefined;

  async function discard(producer: Promise<Producer>): Promise<void> {
    if (opened === producer) opened = undefined;
    // It has failed already, and that error is the one to be told.
    await producer.then(({ close }) => close()).catch(() => {});
  }

  return {
    write: async (topic, key, value) => {
      opened ??= kafka.openProducer(control.signal);
      const producer = opened;
      try {
        return await (await producer).send(topic, 0, draftOf(key, value));
      } catch (error) {
        await discard(producer);
        throw error;
      }
    },
    close: async () => {
      control.abort(new Error("the worker is closed"));
      if (opened !== undefined) await discard(opened);
    },
  };
}

function draftOf(key: string, value: object | null) {
  const writer = createBatchWriter(initialBytes);
  const keyBytes = Buffer.from(key);
  const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
  writer.append(keyBytes, 0, keyBytes.length, bytes, 0, bytes?.length ?? 0);
  return writer.take();
}
