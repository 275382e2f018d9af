/** A real broker for the tests of this folder: topics and names of their own, deleted at the end. */
import { randomBytes } from "node:crypto";
import { Admin } from "@platformatic/kafka";
import { systemClock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import type { KafkaFixture } from "../pipeline/kafka/contract/contract-bench.ts";

export async function realKafka(bootstrap: string): Promise<KafkaFixture> {
  const clientId = `kafka-test-${randomBytes(4).toString("hex")}`;
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  const topics: string[] = [];
  let names = 0;

  function uniqueName(prefix: string): string {
    names += 1;
    return `${clientId}-${prefix}-${names}`;
  }

  async function createTopic(partitions: number): Promise<string> {
    const topic = uniqueName("topic");
    const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
    await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
    topics.push(topic);
    return topic;
  }

  return {
    clock: systemClock,
    connect: () => connectKafka({ bootstrap, clientId, clock: systemClock }),
    createTopic,
    uniqueName,
    cut: async (topic, partition, offset) => {
      const partitions = [{ partition, offset: BigInt(offset) }];
      await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
    },
    close: async () => {
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await admin.close();
    },
  };
}
