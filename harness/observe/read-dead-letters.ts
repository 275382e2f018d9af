/** Reads the dead-letter topics of a run from their first record to the end that they have now. */
import { type Broker, connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { readHeaders } from "../../pipeline/kafka/wire/record-cursor.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "../../simulator/clock.ts";
import type { DeadLetterRows } from "../facts/dead-letter-rows.ts";
import { createDeadLetterAudit } from "./dead-letter-audit.ts";
import { StoreReadError } from "./store-error.ts";
import { isGone } from "./topic-extents.ts";
import { createTopicReader } from "./topic-reader.ts";

export type DeadLetterTopic = { readonly store: string; readonly topic: string };

/** Errors: `StoreReadError` when Kafka does not answer; the signal's reason. */
export async function readDeadLetterTopics(options: {
  readonly bootstrap: string;
  readonly topics: readonly DeadLetterTopic[];
  readonly aggregatedTopic: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<readonly DeadLetterRows[]> {
  const { bootstrap, topics, aggregatedTopic, clock, signal } = options;
  if (topics.length === 0) return [];
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-dead-letters", clock });
  try {
    const read = topics.map((each) => readOne(broker, { ...each, aggregatedTopic }, signal));
    return await Promise.all(read);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const why = `the dead-letter topics could not be read: ${error.message}`;
    throw new StoreReadError("unreachable", why, error);
  } finally {
    await broker.close();
  }
}

/** All of it, or an error. A topic that is not there holds nothing: its job never came to make it. */
async function readOne(
  broker: Broker,
  options: DeadLetterTopic & { readonly aggregatedTopic: string },
  signal: AbortSignal,
): Promise<DeadLetterRows> {
  const { topic } = options;
  const audit = createDeadLetterAudit(options);
  const partitions = await partitionsOf(broker, topic);
  const reader = createTopicReader({
    broker,
    topic,
    partitions,
    minBytes: 1,
    visit: (partition, record) => audit.push(partition, record, readHeaders(record)),
  });
  if (partitions > 0) {
    await reader.finish();
    await reader.run(signal);
  }
  return audit.rows;
}

async function partitionsOf(broker: Broker, topic: string): Promise<number> {
  try {
    return (await broker.topic(topic)).partitions;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}
