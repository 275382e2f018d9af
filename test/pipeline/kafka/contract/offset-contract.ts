/** Committed offsets, alone and within transactions. */
import { expect, test } from "vitest";
import { type Bench, unaborted } from "./contract-bench.ts";
import { committedValuesOf, draftOf } from "./contract-records.ts";

export function offsetContract(bench: Bench): void {
  /** The only member of a group, and a producer. */
  async function stage() {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(2);
    const group = bench.uniqueName("group");
    const assignment = await bench.member(kafka, { group, topics: [topic] }).next(unaborted);
    const id = bench.uniqueName("slot");
    const producer = await kafka.transactions.open(id, 10_000, unaborted);
    const committed = () => kafka.groups.committed(group, topic, [0, 1], unaborted);
    return { kafka, topic, assignment, id, producer, committed };
  }

  test("a group that has committed nothing has no offsets", async () => {
    const { committed } = await stage();
    expect([...(await committed())]).toEqual([]);
  });

  test("offsets are committed with their metadata; partitions without one are left out", async () => {
    const { kafka, topic, assignment, committed } = await stage();
    const offset = { topic, partition: 1, offset: 42, metadata: "checkpoint 7 é" };
    await kafka.groups.commit(assignment, [offset]);
    expect([...(await committed())]).toEqual([[1, { offset: 42, metadata: "checkpoint 7 é" }]]);
    await kafka.groups.commit(assignment, [{ ...offset, offset: 40, metadata: "" }]);
    expect([...(await committed())]).toEqual([[1, { offset: 40, metadata: "" }]]);
  });

  test("offsets and records of a transaction are committed together", async () => {
    const { kafka, topic, assignment, producer, committed } = await stage();
    await producer.send(topic, 0, draftOf("output"));
    const offsets = [0, 1].map((partition) => ({ topic, partition, offset: 5, metadata: "c5" }));
    await producer.commit(assignment, offsets);
    expect(await committedValuesOf(bench.clock, kafka.log, topic, 0)).toEqual(["output"]);
    const found = await committed();
    expect(found.get(0)).toEqual({ offset: 5, metadata: "c5" });
    expect(found.get(1)).toEqual({ offset: 5, metadata: "c5" });
  });

  test("offsets alone are committed by a transaction of their own", async () => {
    const { topic, assignment, producer, committed } = await stage();
    for (const offset of [3, 4]) {
      await producer.commit(assignment, [{ topic, partition: 0, offset, metadata: "" }]);
      expect((await committed()).get(0)).toEqual({ offset, metadata: "" });
    }
  });

  test("who was fenced commits no offsets", async () => {
    const { kafka, topic, assignment, id, producer, committed } = await stage();
    await producer.send(topic, 0, draftOf("left open"));
    await kafka.transactions.open(id, 10_000, unaborted);
    const late = producer.commit(assignment, [{ topic, partition: 0, offset: 9, metadata: "" }]);
    await expect(late).rejects.toMatchObject({ code: "fenced" });
    expect([...(await committed())]).toEqual([]);
  });
}
