/**
 * One compacted topic of one partition, followed: read from its first record to its end, then on
 * and on. What this worker writes it waits to read back, so that an answer over REST is true on the
 * worker that gave it. A record that cannot be understood is counted, told and passed over: nobody
 * who may write there can stop a worker.
 */
import type { Clock } from "../../clock.ts";
import { type FetchedPartition, type Kafka, KafkaError } from "../../kafka/port.ts";
import { type CommittedFilter, createCommittedFilter } from "../../kafka/read-committed.ts";
import type { Logger } from "../../logger.ts";
import type { RecordWriter } from "./record-writer.ts";
import { readEntries, type TopicEntry } from "./topic-entries.ts";

export type CompactedTopic = {
  /**
   * Resolves when all that it held at the start was handed over. Rejects only when the signal was
   * aborted before.
   */
  readonly caughtUp: Promise<void>;
  /** Records that were passed over. */
  readonly passedOver: () => number;
  /**
   * Resolves when this worker has read the record back; null takes its key away. Errors:
   * `KafkaError`.
   */
  readonly put: (key: string, value: object | null) => Promise<void>;
  /** Resolves when nothing is read any more; the signal must have been aborted. */
  readonly ended: Promise<void>;
};

export type CompactedTopicOptions = {
  readonly kafka: Pick<Kafka, "log" | "topics">;
  readonly topic: string;
  readonly writer: RecordWriter;
  readonly clock: Clock;
  readonly log: Logger;
  /** The message why it means nothing, or undefined. Must not throw. */
  readonly onEntry: (entry: TopicEntry) => string | undefined;
  readonly signal: AbortSignal;
};

/** A fetch without news is answered after so long. */
const maxWaitMs = 1_000;
/** Larger than any record that a broker takes by its defaults. */
const maxBytes = 4 << 20;
/**
 * What was written and has not come back by then may still come: the caller is told to look again.
 */
const readBackWithinMs = 10_000;
/** An active segment is never compacted: small ones keep short what a worker reads at its start. */
const config = { "cleanup.policy": "compact", "segment.bytes": String(16 << 20) } as const;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * The topic is created if it is not there. Errors: `KafkaError` when it cannot be created or asked
 * for its end.
 */
export async function followTopic(options: CompactedTopicOptions): Promise<CompactedTopic> {
  const { kafka, topic, writer, clock, log, signal } = options;
  await kafka.topics.create({ name: topic, partitions: 1, replicationFactor: undefined, config });
  const end = (await kafka.log.endOffsets(topic, [0], "read_uncommitted")).get(0) ?? 0;
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.catch(() => {}); // whoever needs it asks; nobody may need it any more
  const waiting = new Set<{ readonly offset: number; readonly resolve: () => void }>();
  let position = 0;
  let passedOver = 0;
  let filter: CommittedFilter = createCommittedFilter();

  function seek(offset: number): void {
    position = offset;
    filter = createCommittedFilter();
  }

  function moveTo(offset: number): void {
    position = offset;
    if (position >= end) caughtUp.resolve();
    for (const one of waiting) {
      if (one.offset >= position) continue;
      waiting.delete(one);
      one.resolve();
    }
  }

  function take(fetched: FetchedPartition): void {
    const next = readEntries(fetched, position, filter, (entry) => {
      const message =
        entry.kind === "entry"
          ? options.onEntry({ ...entry, live: entry.offset >= end })
          : entry.message;
      if (message === undefined) return;
      passedOver += 1;
      log.warn({ topic, offset: entry.offset }, `passed over: ${message}`);
    });
    moveTo(next);
  }

  async function readOn(): Promise<void> {
    const positions = new Map([[0, position]]);
    const limits = { maxWaitMs, minBytes: 1, maxBytes, maxBytesPerPartition: maxBytes };
    const request = { topic, positions, isolation: "read_uncommitted", ...limits } as const;
    for (const fetched of await kafka.log.fetch(request, signal)) take(fetched);
  }

  /** Retention cut it, or someone made the topic anew: what it holds now is what there is. */
  async function begin(): Promise<void> {
    seek((await kafka.log.startOffsets(topic, [0])).get(0) ?? 0);
    moveTo(position);
  }

  async function follow(): Promise<void> {
    let pauseMs = firstPauseMs;
    let step = begin;
    while (!signal.aborted) {
      try {
        await step();
        step = readOn;
        pauseMs = firstPauseMs;
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof KafkaError && error.code === "offset-out-of-range") step = begin;
        const cause = error instanceof Error ? error.message : String(error);
        log.warn({ topic, pauseMs, cause }, "the topic cannot be read, asking again");
        await clock.sleep(pauseMs, signal).catch(() => {}); // woken early only by the end
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      }
    }
    caughtUp.reject(signal.reason);
  }

  async function readBack(offset: number): Promise<void> {
    if (offset < position) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { offset, resolve };
    waiting.add(waiter);
    const over = new AbortController();
    const late = clock
      .sleep(readBackWithinMs, AbortSignal.any([over.signal, signal]))
      .then(() => "late" as const);
    try {
      if ((await Promise.race([promise, late])) === "late") throw notReadBack(topic);
    } finally {
      waiting.delete(waiter);
      late.catch(() => {}); // ended by the next line
      over.abort(new Error("read back"));
    }
  }

  const ended = follow();
  return {
    caughtUp: caughtUp.promise,
    passedOver: () => passedOver,
    put: async (key, value) => readBack(await writer.write(topic, key, value)),
    ended,
  };
}

function notReadBack(topic: string): KafkaError {
  const message =
    `${topic} has the record, but this worker has not read it back within ` +
    `${readBackWithinMs / 1_000} s: look again later`;
  return new KafkaError("unavailable", message, { definite: false });
}
