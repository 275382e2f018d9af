/** What lies in a topic of dead letters, as somebody would see it who comes to look. */
import type { Kafka } from "../../../../pipeline/kafka/port.ts";
import { createCommittedFilter } from "../../../../pipeline/kafka/read-committed.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  readHeaders,
} from "../../../../pipeline/kafka/wire/record-cursor.ts";

export type DeadLetter = {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  /** Text by name, in their order. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly timestampMs: number;
};

const limits = { maxWaitMs: 1, minBytes: 1, maxBytes: 1 << 24, maxBytesPerPartition: 1 << 24 };

/** All of a topic that fits into one fetch; none when there is no such topic. */
export async function readAll({ log, topics }: Kafka, topic: string): Promise<DeadLetter[]> {
  const count = (await topics.find([topic])).get(topic) ?? 0;
  if (count === 0) return [];
  const positions = new Map(Array.from({ length: count }, (_, partition) => [partition, 0]));
  const isolation = "read_committed";
  const signal = new AbortController().signal;
  const letters: DeadLetter[] = [];
  const view = emptyRecord();
  for (const stretch of await log.fetch({ topic, positions, isolation, ...limits }, signal)) {
    const { partition } = stretch;
    createCommittedFilter()(stretch, 0, (batch) => {
      for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
        const { bytes, keyStart, keyEnd, valueStart, valueEnd, timestamp: timestampMs } = view;
        letters.push({
          partition,
          key: keyEnd < 0 ? null : bytes.toString("utf8", keyStart, keyEnd),
          value: valueEnd < 0 ? null : bytes.toString("utf8", valueStart, valueEnd),
          headers: Object.fromEntries(
            readHeaders(view).map(({ key, value }) => [
              key,
              value && Buffer.from(value).toString(),
            ]),
          ),
          timestampMs,
        });
      }
    });
  }
  return letters;
}
