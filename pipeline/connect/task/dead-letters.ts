/**
 * Sends skipped records to the dead-letter topic: bytes, headers and timestamp as they came, with
 * what happened in headers. Whoever skips waits for it before the record's offset is committed; a
 * crash in between repeats a dead letter and loses none. Nothing is skipped silently: what Kafka
 * will not take stops the task.
 */
import { type Kafka, KafkaError, type Producer } from "../../kafka/port.ts";
import {
  type BatchDraft,
  type BatchWriter,
  createBatchWriter,
} from "../../kafka/wire/batch-writer.ts";
import type { JobConfig } from "../config/job-config.ts";
import { errorHeaders } from "./dead-letter-headers.ts";
import { insist, type Patience } from "./insist.ts";
import type { OriginalRecord } from "./original-records.ts";
import type { RecordFailure } from "./record-failure.ts";
import { describeRecord, TaskError } from "./task-error.ts";
import type { TaskMeter } from "./task-meter.ts";

export type DeadLetters = {
  /**
   * Resolves when Kafka has all of them; false when the signal was aborted first. `originals` by
   * position. Errors: `TaskError`.
   */
  readonly send: (
    failures: readonly RecordFailure[],
    originals: readonly OriginalRecord[],
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Options = Omit<Patience, "signal"> & {
  readonly kafka: Kafka;
  readonly config: JobConfig;
  readonly meter: TaskMeter;
  /** Id of the task. */
  readonly task: number;
};

/** Below the limit of a broker's message by default (1 MiB), unless a single record is larger. */
const batchBytes = 512 * 1024;

/**
 * Letters keep their records' timestamps: by a broker's usual seven days, those of a replay would be
 * deleted as soon as they are written. They stay until somebody has dealt with them.
 */
const topicConfig = { "retention.ms": "-1" };

/**
 * None when the config names no topic; undefined when the signal was aborted first. The topic is
 * created if there is none, with as many partitions as the largest of the job's. Errors:
 * `KafkaError` when asking again is no use.
 */
export async function openDeadLetters(
  options: Options,
  signal: AbortSignal,
): Promise<DeadLetters | "none" | undefined> {
  const { kafka, config } = options;
  const { deadLetter } = config.errors;
  if (deadLetter === undefined) return "none";
  const { topic, replicationFactor } = deadLetter;
  const partitions = await insist(
    async () => {
      const counts = await kafka.topics.find([...config.topics, topic]);
      const existing = counts.get(topic);
      if (existing !== undefined) return existing;
      const most = Math.max(1, ...config.topics.map((source) => counts.get(source) ?? 1));
      const wanted = { name: topic, partitions: most, replicationFactor, config: topicConfig };
      await kafka.topics.create(wanted);
      // Another task may have been first, with another count.
      return (await kafka.topics.find([topic])).get(topic) ?? most;
    },
    { ...options, signal },
  );
  return partitions === undefined ? undefined : createDeadLetters(options, topic, partitions);
}

function createDeadLetters(options: Options, topic: string, partitions: number): DeadLetters {
  const { kafka, config, meter, task } = options;
  const hasHeaders = config.errors.deadLetter?.contextHeaders === true;
  let producer: Producer | undefined;

  /** After any error the producer is of no more use: nobody knows what became of its batch. */
  async function sendOnce(
    partition: number,
    draft: BatchDraft,
    signal: AbortSignal,
  ): Promise<void> {
    meter.deadLetters += draft.count;
    producer ??= await kafka.openProducer(signal);
    try {
      await producer.send(topic, partition, draft);
    } catch (error) {
      meter.deadLetterFailures += draft.count;
      const broken = producer;
      producer = undefined;
      await broken.close().catch(() => {}); // it broke before: that error is the one to tell
      throw error;
    }
  }

  async function deliver(
    partition: number,
    draft: BatchDraft,
    first: RecordFailure,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      const sent = await insist(
        async () => {
          await sendOnce(partition, draft, signal);
          return true;
        },
        { ...options, signal },
      );
      return sent === true;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      const { record } = first;
      const where = describeRecord(record);
      const message = `${where} cannot go to the dead-letter topic ${topic}: ${error.message}`;
      throw new TaskError("dead-letter-failed", message, { record, cause: error });
    }
  }

  return {
    send: async (failures, originals, signal) => {
      const writer = createBatchWriter(64 * 1024);
      for (const [source, positions] of byPartition(failures)) {
        const partition = source % partitions;
        let first = positions[0]!;
        for (const position of positions) {
          const failure = failures[position]!;
          const headers = hasHeaders ? errorHeaders(failure, config, task) : [];
          if (writer.size > batchBytes) {
            const sent = await deliver(partition, writer.draft(), failures[first]!, signal);
            if (!sent) return false;
            writer.reset();
            first = position;
          }
          append(writer, originals[position]!, headers);
        }
        if (!(await deliver(partition, writer.draft(), failures[first]!, signal))) return false;
        writer.reset();
      }
      return true;
    },
    close: async () => {
      await producer?.close();
    },
  };
}

/** Positions of the failures, by the partition that they came from, in order. */
function byPartition(failures: readonly RecordFailure[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  failures.forEach(({ record }, position) => {
    const group = groups.get(record.partition);
    if (group === undefined) groups.set(record.partition, [position]);
    else group.push(position);
  });
  return groups;
}

function append(
  writer: BatchWriter,
  { key, value, headers, timestampMs }: OriginalRecord,
  more: ReturnType<typeof errorHeaders>,
): void {
  const all = [...headers, ...more];
  writer.append(key, 0, key?.length ?? 0, value, 0, value?.length ?? 0, all, timestampMs);
}
