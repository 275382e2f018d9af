/**
 * Topics of a real cluster: made, found. Source: Kafka protocol guide, CreateTopics (version 7; a broker sends
 * it on to the controller) and Metadata (12).
 */
import { createTopicsV7, metadataV12 } from "@platformatic/kafka";
import { fromWire, refusedBy } from "./kafka-error.ts";
import { type Attempt, ask } from "./patience.ts";
import { KafkaError, type NewTopic, type Topics } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";
import { listOffsets } from "./wire/fetch.ts";

/** A broker or controller that restarts is back within this time. */
const patienceMs = 60_000;
/** How long the controller may take over a topic; below the link's request time-out. */
const createForMs = 20_000;

export function openTopics(broker: Broker): Topics {
  const patience = { clock: broker.clock, forMs: patienceMs, firstWaitMs: 20, maxWaitMs: 1_000 };

  /** Asks again while nobody answers: none of these questions does harm when it is asked twice. */
  function insist<Answer>(what: string, question: () => Promise<Answer>): Promise<Answer> {
    return ask(patience, async (): Promise<Attempt<Answer>> => {
      try {
        return { answer: await question() };
      } catch (error) {
        const translated = fromWire(error, what);
        const away = translated instanceof KafkaError && translated.code === "unavailable";
        if (away) return { again: translated };
        throw translated;
      }
    });
  }

  async function create(topic: NewTopic): Promise<void> {
    const what = `topic ${topic.name}`;
    await insist(what, async () => {
      const wanted = [requestOf(topic)];
      const answer = await broker.any.call(createTopicsV7.api, [wanted, createForMs, false]);
      const [made] = answer.topics;
      const code = made?.errorCode ?? brokerCodes.requestTimedOut;
      if (code === brokerCodes.none || code === brokerCodes.topicAlreadyExists) return;
      throw refusedBy(code, what, made?.errorMessage ?? undefined);
    });
    await insist(what, () => served(topic.name));
  }

  /** Metadata names the leaders before these know that they lead: a leader that tells an offset does. */
  async function served(name: string): Promise<void> {
    try {
      const { partitions } = await broker.topic(name);
      const all = Array.from({ length: partitions }, (_, partition) => partition);
      await listOffsets(broker, name, all, "end", "read_uncommitted");
    } catch (error) {
      broker.forget(name);
      const translated = fromWire(error, `topic ${name}`);
      const young = translated instanceof KafkaError && translated.code === "unknown-topic";
      if (!young) throw translated;
      throw new KafkaError("unavailable", translated.message, { definite: true, cause: error });
    }
  }

  function metadata(names: readonly string[]) {
    return insist("metadata", () => broker.any.call(metadataV12.api, [[...names], false, false]));
  }

  async function find(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    if (names.length === 0) return found;
    const { topics } = await metadata(names);
    for (const { name, errorCode, partitions } of topics) {
      if (name == null || absent.includes(errorCode)) continue;
      if (errorCode !== brokerCodes.none && errorCode !== brokerCodes.leaderNotAvailable) {
        throw refusedBy(errorCode, `topic ${name}`);
      }
      found.set(name, partitions.length);
    }
    return found;
  }

  async function clusterId(): Promise<string> {
    const answer = await metadata([]);
    return answer.clusterId ?? "";
  }

  return { create, find, clusterId };
}

/** A name that no topic may have is the name of none. */
const absent: readonly number[] = [brokerCodes.unknownTopicOrPartition, brokerCodes.invalidTopic];

function requestOf({ name, partitions, replicationFactor, config }: NewTopic) {
  return {
    name,
    numPartitions: partitions,
    replicationFactor: replicationFactor ?? -1,
    assignments: [],
    configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
  };
}
