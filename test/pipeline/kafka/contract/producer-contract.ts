/** Writing without transactions. */
import { expect, test } from "vitest";
import { type Bench, codeOf, unaborted } from "./contract-bench.ts";
import { draftOf, draftOfRecords, recordsOf, valuesOf } from "./contract-records.ts";

export function producerContract(bench: Bench): void {
  async function stage(partitions: number) {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(partitions);
    return { kafka, topic, producer: await kafka.openProducer(unaborted) };
  }

  test("a batch is in the log when its send resolves, at the offset that this says", async () => {
    const { kafka, topic, producer } = await stage(1);
    expect(await producer.send(topic, 0, draftOf("a", "b"))).toBe(0);
    expect(await producer.send(topic, 0, draftOf("c"))).toBe(2);
    expect(await valuesOf(kafka.log, topic, 0, "read_committed")).toEqual(["a", "b", "c"]);
  });

  test("sends of a partition that do not wait for one another keep their order", async () => {
    const { kafka, topic, producer } = await stage(2);
    const values = Array.from({ length: 20 }, (_, index) => `v${index}`);
    const offsets = await Promise.all(
      values.flatMap((value) => [0, 1].map((at) => producer.send(topic, at, draftOf(value)))),
    );
    expect(offsets).toEqual(values.flatMap((_, index) => [index, index]));
    for (const at of [0, 1]) {
      expect(await valuesOf(kafka.log, topic, at, "read_committed")).toEqual(values);
    }
  });

  test("two producers of one client write to one partition", async () => {
    const { kafka, topic, producer } = await stage(1);
    const other = await kafka.openProducer(unaborted);
    await producer.send(topic, 0, draftOf("a"));
    await other.send(topic, 0, draftOf("b"));
    await producer.send(topic, 0, draftOf("c"));
    expect(await valuesOf(kafka.log, topic, 0, "read_committed")).toEqual(["a", "b", "c"]);
  });

  test("null keys, values and header values, and headers of one name, arrive as they are", async () => {
    const { kafka, topic, producer } = await stage(1);
    const headers = [
      { key: "same", value: Buffer.from("one") },
      { key: "same", value: null },
      { key: "empty", value: Buffer.alloc(0) },
    ];
    await producer.send(topic, 0, draftOfRecords([{ key: null, value: null, headers }]));
    const [record] = await recordsOf(kafka.log, topic, 0, "read_committed");
    expect(record).toMatchObject({ key: null, value: null, headers });
  });

  test("what cannot be sent is refused, and the producer goes on", async () => {
    const { kafka, topic, producer } = await stage(1);
    const nowhere = producer.send(bench.uniqueName("no-such-topic"), 0, draftOf("lost"));
    await expect(nowhere).rejects.toMatchObject({ code: "unknown-topic", definite: true });
    expect(await producer.send(topic, 0, draftOf("kept"))).toBe(0);
    expect(await valuesOf(kafka.log, topic, 0, "read_committed")).toEqual(["kept"]);
  });

  test("a closed producer sends nothing any more", async () => {
    const { topic, producer } = await stage(1);
    await producer.close();
    expect(await codeOf(producer.send(topic, 0, draftOf("late")))).toBe("closed");
  });
}
