/** The three topics of a cluster, followed into one view, and the pen to write to them. */
import type { Clock } from "../../clock.ts";
import { type Kafka, KafkaError } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { ClusterRecord, TopicKind } from "./cluster-records.ts";
import { applyRecord, type ClusterView, createClusterView } from "./cluster-view.ts";
import { type CompactedTopic, followTopic } from "./compacted-topic.ts";
import type { Put } from "./herder-parts.ts";
import { parseRecord } from "./parse-record.ts";
import { createRecordWriter } from "./record-writer.ts";
import type { TopicEntry } from "./topic-entries.ts";
import { workerTopics } from "./topic-names.ts";

export type ClusterTopics = {
  readonly view: ClusterView;
  /**
   * Creates the topics that are not there and reads all of them to their ends. Errors:
   * `KafkaError`.
   */
  readonly open: () => Promise<void>;
  readonly isRead: () => boolean;
  /** False when a topic is no longer followed though nobody closed it. */
  readonly isLive: () => boolean;
  readonly put: { readonly config: Put; readonly target: Put; readonly status: Put };
  /** Writes to the status topic and does not wait to read it back. Errors: `KafkaError`. */
  readonly tell: Put;
  readonly close: () => Promise<void>;
};

export type ClusterTopicsOptions = {
  readonly kafka: Kafka;
  readonly cluster: string;
  readonly clock: Clock;
  /** The machine's time, by which records are stamped: epoch milliseconds. */
  readonly wallNow: () => number;
  readonly log: Logger;
  /** After the view has taken it. `live`: written after this worker began to read. */
  readonly onRecord: (record: ClusterRecord, live: boolean) => void;
};

export function createClusterTopics(options: ClusterTopicsOptions): ClusterTopics {
  const { kafka, cluster, clock, wallNow, log, onRecord } = options;
  const view = createClusterView();
  const writer = createRecordWriter(kafka);
  const closing = new AbortController();
  const names = workerTopics(cluster);
  const followed = new Map<TopicKind, CompactedTopic>();
  let isRead = false;
  let isLive = true;

  function onEntry(kind: TopicKind, { key, value, live, timestamp }: TopicEntry) {
    const parsed = parseRecord(kind, key, value);
    if (!parsed.ok) return parsed.message;
    // What was there before we came was said when its stamp says, and never later than now.
    const ageMs = live ? 0 : Math.max(0, wallNow() - timestamp);
    const fault = applyRecord(view, parsed.record, clock.monotonicMs() - ageMs);
    if (fault === undefined) onRecord(parsed.record, live);
    return fault;
  }

  async function follow(kind: TopicKind): Promise<void> {
    const topic = await followTopic({
      kafka,
      topic: names[kind],
      writer,
      clock,
      log,
      onEntry: (entry) => onEntry(kind, entry),
      signal: closing.signal,
    });
    followed.set(kind, topic);
    const onEnd = (): void => {
      if (!closing.signal.aborted) isLive = false;
    };
    topic.ended.then(onEnd, (error: unknown) => {
      log.error({ topic: names[kind], cause: String(error) }, "a topic is no longer followed");
      onEnd();
    });
    await topic.caughtUp;
  }

  const putTo =
    (kind: TopicKind): Put =>
    async (key, value) => {
      const topic = followed.get(kind);
      if (topic !== undefined) return topic.put(key, value);
      const message = `${names[kind]} is not open yet`;
      throw new KafkaError("unavailable", message, { definite: true });
    };

  return {
    view,
    open: async () => {
      await Promise.all([follow("configs"), follow("targets"), follow("status")]);
      isRead = true;
    },
    isRead: () => isRead,
    isLive: () => isLive,
    put: { config: putTo("configs"), target: putTo("targets"), status: putTo("status") },
    tell: async (key, value) => void (await writer.write(names.status, key, value)),
    close: async () => {
      closing.abort(new Error("the worker is closed"));
      await Promise.allSettled([...followed.values()].map(({ ended }) => ended));
      await writer.close();
    },
  };
}
