import type { Message } from "kafkajs";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../harness/simulation/memory-clock.ts";
import { createKafkajsProducer, type KafkajsClient } from "../../simulator/kafkajs-producer.ts";
import type { Producer, SendResult } from "../../simulator/producer.ts";

type Sent = readonly { readonly partition: number; readonly messages: readonly Message[] }[];

async function bench(send: KafkajsClient["send"]) {
  const settled: { partition: number; count: number; result: SendResult }[] = [];
  const clients: string[] = [];
  const producer = await createKafkajsProducer({
    partitions: [0, 1],
    clock: createVirtualClock(1_000),
    settle: (partition, count, _sentAtMs, result) => settled.push({ partition, count, result }),
    createClient: () => ({
      connect: async () => void clients.push("connect"),
      disconnect: async () => void clients.push("disconnect"),
      send,
    }),
  });
  return { producer, settled, clients };
}

function append(producer: Producer, partition: number, text: string): void {
  const bytes = Buffer.from(`k=${text}`);
  producer.append(partition, bytes, 0, 1, bytes, 2, bytes.length);
}

test("one request at a time; what comes meanwhile goes together in the next", async () => {
  const requests: string[][] = [];
  let underWay = 0;
  const { producer, settled } = await bench(async (batches: Sent) => {
    expect(++underWay).toBe(1);
    requests.push(batches.map(({ messages }) => messages.map(({ value }) => `${value}`).join("")));
    await Promise.resolve();
    underWay -= 1;
    return new Map(batches.map(({ partition }) => [partition, 40 + partition]));
  });
  append(producer, 0, "a");
  producer.flush();
  append(producer, 0, "b");
  producer.flush();
  append(producer, 1, "x");
  append(producer, 0, "c");
  await producer.idle();
  expect(requests).toEqual([["a"], ["bc", "x"]]);
  expect(settled).toEqual([
    { partition: 0, count: 1, result: { outcome: "acked", baseOffset: 40 } },
    { partition: 0, count: 2, result: { outcome: "acked", baseOffset: 40 } },
    { partition: 1, count: 1, result: { outcome: "acked", baseOffset: 41 } },
  ]);
});

test("after an error the outcome is unknown and the client, with its producer id, is replaced", async () => {
  let calls = 0;
  const { producer, settled, clients } = await bench(async () => {
    if (++calls === 1) throw new Error("the connection broke");
    return new Map([[0, 7]]);
  });
  append(producer, 0, "a");
  append(producer, 1, "x");
  await producer.idle();
  append(producer, 0, "b");
  await producer.idle();
  const outcomes = settled.map(({ partition, result }) => [partition, result.outcome]);
  expect(outcomes).toEqual([
    [0, "unknown"],
    [1, "unknown"],
    [0, "acked"],
  ]);
  expect(clients).toEqual(["connect", "disconnect", "connect"]);
});

test("room shrinks with what was appended and comes back with the next request", async () => {
  const { producer } = await bench(async () => new Map());
  const room = producer.room(0);
  append(producer, 0, "0123456789");
  expect(producer.room(0)).toBeLessThan(room - 11);
  await producer.idle();
  expect(producer.room(0)).toBe(room);
});

test("what was never sent fails when the producer is closed", async () => {
  const { producer, settled, clients } = await bench(async () => new Map());
  append(producer, 1, "x");
  await producer.close();
  expect(settled.map(({ result }) => result.outcome)).toEqual(["failed"]);
  expect(clients).toEqual(["connect", "disconnect"]);
});
