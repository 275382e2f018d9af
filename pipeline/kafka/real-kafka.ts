/** Kafka as the jobs know it, on a real cluster. */
import type { Clock } from "../clock.ts";
import { openMembership } from "./group.ts";
import { openGroupAdmin } from "./group-admin.ts";
import { fromWire } from "./kafka-error.ts";
import { openLog } from "./log.ts";
import { commitOffsets, readCommitted } from "./offsets.ts";
import type { Kafka } from "./port.ts";
import { openIdempotentProducer } from "./producer.ts";
import { openTopics } from "./topics.ts";
import { openTransactions } from "./transactions.ts";
import { connectBroker } from "./wire/broker.ts";

export type KafkaOptions = {
  /** `host:port`, several separated by commas. */
  readonly bootstrap: string;
  readonly clientId: string;
  readonly clock: Clock;
};

/** Errors: `KafkaError` of code `unavailable` when no broker answers, `unauthorized` when it refuses us. */
export async function connectKafka(options: KafkaOptions): Promise<Kafka> {
  try {
    // Reading has connections of its own: a long poll never stands before a commit.
    const reading = await connectBroker(options);
    const broker = await connectBroker(options).catch(async (error: unknown) => {
      await reading.close();
      throw error;
    });
    const closed = new AbortController();
    return {
      log: openLog(reading),
      groups: {
        member: (member) => openMembership(broker, member, closed.signal),
        committed: (...args) => readCommitted(broker, ...args),
        commit: (...args) => commitOffsets(broker, ...args),
        ...openGroupAdmin(broker),
      },
      transactions: openTransactions(broker),
      topics: openTopics(broker),
      openProducer: (signal) => openIdempotentProducer(broker, signal),
      close: async () => {
        closed.abort();
        await Promise.all([reading.close(), broker.close()]);
      },
    };
  } catch (error) {
    throw fromWire(error, "connecting to Kafka");
  }
}
