import { Kafka as KafkaJs, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { KafkaFixture } from "../pipeline/kafka/contract/contract-bench.ts";
import { realKafka } from "./kafka-fixture.ts";
import { committedValues, produceBatches } from "./kafka-records.ts";
import { liveStack } from "./live-stack.ts";

const { bootstrap } = liveStack().kafka;
const kafkajs = new KafkaJs({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
let fixture: KafkaFixture;
let kafka: Kafka;

beforeAll(async () => {
  fixture = await realKafka(bootstrap);
  kafka = await fixture.connect();
});
afterAll(async () => {
  await kafka.close();
  await fixture.close();
});

test("kafkajs reads what the hot path wrote", async () => {
  const topic = await fixture.createTopic(1);
  const batches = [["a", "b"], ["c"], Array.from({ length: 500 }, (_, index) => `value ${index}`)];
  expect(await produceBatches(bootstrap, topic, 0, batches)).toEqual([0, 2, 3]);
  expect(await readByKafkajs(topic, 503)).toEqual(batches.flat());
});

test("the hot path reads what kafkajs wrote, and not what it aborted", async () => {
  const topic = await fixture.createTopic(1);
  const transactionalId = fixture.uniqueName("kafkajs");
  const options = { transactionalId, idempotent: true, maxInFlightRequests: 1 };
  const producer = kafkajs.producer(options);
  await producer.connect();
  try {
    for (const [index, end] of (["commit", "abort", "abort", "commit"] as const).entries()) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: "k", value: `${end} ${index}` }] });
      await transaction[end]();
    }
  } finally {
    await producer.disconnect();
  }
  expect(await committedValues(kafka, topic, 0, 2)).toEqual(["commit 0", "commit 3"]);
});

test("a real broker takes sequences that wrap modulo 2^31", async () => {
  const topic = await fixture.createTopic(1);
  const batches = Array.from({ length: 10 }, (_, batch) =>
    Array.from({ length: 100 }, (_, index) => `${batch}.${index}`),
  );
  const offsets = await produceBatches(bootstrap, topic, 0, batches, 2 ** 31 - 500);
  expect(offsets).toEqual(batches.map((_, batch) => 100 * batch));
  expect(await committedValues(kafka, topic, 0, 1_000)).toEqual(batches.flat());
});

/** The first `count` values that kafkajs sees. Its group is deleted again. */
async function readByKafkajs(topic: string, count: number): Promise<string[]> {
  const groupId = fixture.uniqueName("kafkajs");
  const consumer = kafkajs.consumer({ groupId });
  const values: string[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.length === count) all.resolve();
      },
    });
    await all.promise;
  } finally {
    await consumer.disconnect();
  }
  const admin = kafkajs.admin();
  await admin.connect();
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
  return values;
}
