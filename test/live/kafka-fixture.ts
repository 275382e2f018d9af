/** A real broker for the tests of this folder: topics and names of their own, deleted at the end. */
import { randomBytes } from "node:crypto";
import { Admin } from "@platformatic/kafka";
import { systemClock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import type { KafkaFixture } from "../pipeline/kafka/contract/contract-bench.ts";

export async function realKafka(bootstrap: string): Promise<KafkaFixture> {
  const clientId = `kafka-test-${randomBytes(4).toString("hex")}`;
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  const kafka = await connectKafka({ bootstrap, clientId, clock: systemClock });
  let names = 0;

  function uniqueName(prefix: string): string {
    names += 1;
    return `${clientId}-${prefix}-${names}`;
  }

  async function createTopic(partitions: number): Promise<string> {
    const topic = uniqueName("topic");
    // By the port: the library's answer comes before the partitions are served.
    const config = { "message.timestamp.type": "LogAppendTime" };
    await kafka.topics.create({ name: topic, partitions, replicationFactor: undefined, config });
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
      const topics = (await admin.listTopics()).filter((name) => name.startsWith(clientId));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await Promise.all([admin.close(), kafka.close()]);
    },
  };
}
