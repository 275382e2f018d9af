/** Topics made and found. */
import { expect, test } from "vitest";
import type { NewTopic } from "../../../../pipeline/kafka/port.ts";
import { type Bench, unaborted } from "./contract-bench.ts";
import { draftOf, recordsOf, timedDraftOf } from "./contract-records.ts";

export function topicContract(bench: Bench): void {
  const newTopic = (partitions: number, config: NewTopic["config"] = {}): NewTopic => {
    const name = bench.uniqueName("topic");
    return { name, partitions, replicationFactor: undefined, config };
  };

  test("a topic that was just made is served: every partition takes a batch at once", async () => {
    const kafka = await bench.connect();
    const producer = await kafka.openProducer(unaborted);
    const topic = newTopic(3, { "cleanup.policy": "compact" });
    await kafka.topics.create(topic);
    const sent = [0, 1, 2].map((partition) => producer.send(topic.name, partition, draftOf("v")));
    expect(await Promise.all(sent)).toEqual([0, 0, 0]);
  });

  test("making a topic that exists changes nothing", async () => {
    const kafka = await bench.connect();
    const topic = newTopic(2);
    await Promise.all([kafka.topics.create(topic), kafka.topics.create(topic)]);
    await kafka.topics.create({ ...topic, partitions: 5 });
    expect((await kafka.topics.find([topic.name])).get(topic.name)).toBe(2);
  });

  test("of the names asked for, those are found that there are", async () => {
    const kafka = await bench.connect();
    const topic = newTopic(4);
    await kafka.topics.create(topic);
    const names = [bench.uniqueName("no-such-topic"), topic.name, "no/topic may be: called so"];
    expect([...(await kafka.topics.find(names))]).toEqual([[topic.name, 4]]);
    expect([...(await kafka.topics.find([]))]).toEqual([]);
  });

  test("records keep the times that they came with where the topic wants it", async () => {
    const kafka = await bench.connect();
    const producer = await kafka.openProducer(unaborted);
    for (const type of ["CreateTime", "LogAppendTime"] as const) {
      const topic = newTopic(1, { "message.timestamp.type": type });
      await kafka.topics.create(topic);
      const before = bench.clock.now();
      const times = [before - 5_000, before - 9_000].map(Math.floor);
      await producer.send(topic.name, 0, timedDraftOf(times));
      const records = await recordsOf(kafka.log, topic.name, 0, "read_uncommitted");
      const read = records.map(({ timestamp }) => timestamp);
      if (type === "CreateTime") expect(read).toEqual(times);
      // Two clocks: the broker's may be some behind ours.
      else expect(Math.min(...read)).toBeGreaterThan(before - 1_000);
    }
  });

  test("every client of a cluster is told the same id of it", async () => {
    const [one, other] = [await bench.connect(), await bench.connect()];
    const id = await one.topics.clusterId();
    expect(id).not.toBe("");
    expect(await other.topics.clusterId()).toBe(id);
  });
}
