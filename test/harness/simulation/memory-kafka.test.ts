import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka } from "../../../harness/simulation/memory-kafka.ts";
import type { KafkaFixture } from "../../pipeline/kafka/contract/contract-bench.ts";
import { kafkaContract } from "../../pipeline/kafka/contract/kafka-contract.ts";

kafkaContract("Kafka in memory keeps the promises of the port", async (): Promise<KafkaFixture> => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 15));
  const kafka = createMemoryKafka({ clock });
  let named = 0;
  let over = false;
  /** The suite lives by the wall clock of whoever runs it; here time passes whenever all wait for it. */
  const passing = (async () => {
    while (!over) await clock.step();
  })();
  const uniqueName = (prefix: string): string => {
    named += 1;
    return `${prefix}-${named}`;
  };
  return {
    clock,
    connect: async () => kafka.connect(uniqueName("client")),
    createTopic: async (partitions) => {
      const name = uniqueName("topic");
      kafka.createTopic(name, partitions);
      return name;
    },
    cut: async (topic, partition, offset) => kafka.cut(topic, partition, offset),
    uniqueName,
    close: async () => {
      over = true;
      await passing;
      kafka.close();
    },
  };
});
