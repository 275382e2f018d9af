/**
 * Where bugs get at what a job reads and writes: every fetch of a topic, every batch that is sent
 * to it.
 */
import type {
  FetchedPartition,
  FetchRequest,
  Kafka,
  TransactionalProducer,
} from "../../pipeline/kafka/port.ts";
import type { BatchDraft } from "../../pipeline/kafka/wire/batch-writer.ts";

/** The end of a topic's name: a run's id stands before it. */
export type TopicEnd =
  | ".thermostat.data"
  | ".temperatures.aggregated"
  | ".thermostat.data.rejected"
  | ".checkpoints";

export function onFetch(
  kafka: Kafka,
  topic: TopicEnd,
  map: (fetched: FetchedPartition) => FetchedPartition,
): Kafka {
  const { log } = kafka;
  return {
    ...kafka,
    log: {
      ...log,
      fetch: async (request, signal) => {
        const fetched = await log.fetch(request, signal);
        return request.topic.endsWith(topic) ? fetched.map(map) : fetched;
      },
    },
  };
}

export function onRequest(kafka: Kafka, map: (request: FetchRequest) => FetchRequest): Kafka {
  const { log } = kafka;
  return {
    ...kafka,
    log: { ...log, fetch: (request, signal) => log.fetch(map(request), signal) },
  };
}

export type Sending = {
  readonly topic: string;
  readonly partition: number;
  readonly draft: BatchDraft;
};

/**
 * `act` in place of sending to the topic; it may send something else, more, or nothing, by the
 * producer it is given.
 */
export function onSend(
  kafka: Kafka,
  topic: TopicEnd,
  act: (sending: Sending, producer: TransactionalProducer) => Promise<void>,
): Kafka {
  return onOpen(kafka, (producer) => ({
    ...producer,
    send: (to, partition, draft) =>
      to.endsWith(topic)
        ? act({ topic: to, partition, draft }, producer)
        : producer.send(to, partition, draft),
  }));
}

/** `map` around every transactional producer. */
export function onOpen(
  kafka: Kafka,
  map: (producer: TransactionalProducer) => TransactionalProducer,
): Kafka {
  const { transactions } = kafka;
  return {
    ...kafka,
    transactions: {
      open: async (id, timeoutMs, signal) => map(await transactions.open(id, timeoutMs, signal)),
    },
  };
}
