/**
 * Planted bug: a producer that could not deliver a batch of aggregates gives it up and goes on in a
 * new transaction, which commits the offsets of what was never written.
 * Ancestors: datastax/kafka-sink #39 (KAF-47, a failed record is lost track of).
 */
import {
  type Kafka,
  KafkaError,
  type TransactionalProducer,
  type Transactions,
} from "../../../pipeline/kafka/port.ts";

export function giveUpSending(kafka: Kafka): Kafka {
  const { transactions } = kafka;
  return {
    ...kafka,
    transactions: {
      open: async (...options) => {
        const reopen = () => transactions.open(...options);
        return careless(await reopen(), reopen);
      },
    },
  };
}

function careless(
  first: TransactionalProducer,
  reopen: () => ReturnType<Transactions["open"]>,
): TransactionalProducer {
  let producer = first;
  let broken: TransactionalProducer | undefined;

  async function working(): Promise<TransactionalProducer> {
    if (broken === producer) producer = await reopen();
    return producer;
  }

  return {
    send: async (topic, partition, draft) => {
      // Checkpoints come one after another, after all output.
      if (topic.endsWith(".checkpoints")) return (await working()).send(topic, partition, draft);
      try {
        await producer.send(topic, partition, draft);
      } catch (error) {
        if (!(error instanceof KafkaError) || error.code !== "unavailable") throw error;
        broken = producer;
      }
    },
    commit: async (...transaction) => (await working()).commit(...transaction),
    abort: () => producer.abort(),
    close: () => producer.close(),
  };
}
