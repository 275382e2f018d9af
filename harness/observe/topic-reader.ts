/**
 * Reads a topic from its first record for as long as it is told to, every partition in order, committed
 * records only. Outages of the broker are waited out: the caller's signal is the only limit of time.
 */
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";
import type { Broker } from "../../pipeline/kafka/wire/broker.ts";
import { fetchRaw, listOffsets, type RawFetched } from "../../pipeline/kafka/wire/fetch.ts";
import type { RecordView } from "../../pipeline/kafka/wire/record-cursor.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import { createCommittedReader, type TransactionListener } from "./committed-reader.ts";

export type TopicReaderOptions = {
  readonly broker: Broker;
  readonly topic: string;
  readonly partitions: number;
  /** An answer waits for so much, at most `maxWaitMs`: tiny answers cost the broker more than they tell. */
  readonly minBytes: number;
  readonly visit: (partition: number, record: RecordView, batch: Batch) => void;
  /** Who is to be told of the partition's transactions. */
  readonly listener?: (partition: number) => TransactionListener;
};

export type TopicReader = {
  /** Reads until the offsets of `finish` are reached, or for ever. Rejects with the signal's reason. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** One fetch of it, for who has to do with what it brings before the next. */
  readonly step: (signal: AbortSignal) => Promise<void>;
  /** From now on `run` ends when it has read what the topic holds at this moment. */
  readonly finish: () => Promise<void>;
  /** Next offset by partition. */
  readonly nextOffsets: () => readonly number[];
  /** Whether all that `finish` found was read, and no transaction is left open in it. */
  readonly reachedEnd: () => boolean;
};

/** A topic whose records were cut or changed beneath the reader: what it saw is not the whole. */
class TopicReadError extends Error {
  readonly code = "topic-not-whole";

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "TopicReadError";
  }
}

/** Kafka's OFFSET_OUT_OF_RANGE. Source: protocol guide, "Error Codes". */
const offsetOutOfRange = 1;
const retryMs = 100;
const maxWaitMs = 200;

export function createTopicReader(options: TopicReaderOptions): TopicReader {
  const { broker, topic, partitions, visit } = options;
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const readers = all.map((partition) => createCommittedReader(0, options.listener?.(partition)));
  const visits = all.map(
    (partition) => (record: RecordView, batch: Batch) => visit(partition, record, batch),
  );
  let ends: ReadonlyMap<number, number> | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    while (!reachedEnd()) await step(signal);
  }

  async function step(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const fetched = await fetchOrWait(signal);
    for (const part of fetched) take(part);
  }

  async function fetchOrWait(signal: AbortSignal): Promise<readonly RawFetched[]> {
    const positions = new Map(
      all.map((partition) => [partition, readers[partition]!.nextOffset()]),
    );
    const request = {
      topic,
      positions,
      isolation: "read_uncommitted",
      maxWaitMs,
      minBytes: options.minBytes,
      maxBytes: 16 * 1024 * 1024,
      maxBytesPerPartition: 2 * 1024 * 1024,
    } as const;
    try {
      const fetched = await fetchRaw(broker, request, signal, `observe ${topic}`);
      if (fetched.some((part) => part.errorCode !== 0)) await broker.clock.sleep(retryMs, signal);
      return fetched;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof WireError) || error.code === "corrupt") throw error;
      await broker.clock.sleep(retryMs, signal);
      return [];
    }
  }

  function take(part: RawFetched): void {
    const reader = readers[part.partition]!;
    if (part.errorCode === offsetOutOfRange) {
      throw new TopicReadError(
        `${topic}-${part.partition} no longer holds offset ${reader.nextOffset()}`,
      );
    }
    if (part.errorCode === 0) reader.take(part.batches, visits[part.partition]!);
  }

  async function finish(): Promise<void> {
    ends = await listOffsets(broker, topic, all, "end", "read_uncommitted");
  }

  function reachedEnd(): boolean {
    if (ends === undefined) return false;
    return all.every((partition) => {
      const reader = readers[partition]!;
      return reader.nextOffset() >= ends!.get(partition)! && reader.openSince() === undefined;
    });
  }

  return {
    run,
    step,
    finish,
    nextOffsets: () => readers.map((each) => each.nextOffset()),
    reachedEnd,
  };
}
