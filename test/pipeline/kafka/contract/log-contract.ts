/** Reading: ends of logs, long polls, limits by bytes, positions that are no more. */
import { expect, test } from "vitest";
import type { Kafka } from "../../../../pipeline/kafka/port.ts";
import { type Bench, codeOf, nobody, unaborted, within } from "./contract-bench.ts";
import {
  decided,
  draftOf,
  draftOfRecords,
  fetchOf,
  recordsOf,
  valuesOf,
} from "./contract-records.ts";

export function logContract(bench: Bench): void {
  /** Writes each batch in a transaction of its own, which takes one more offset: its end marker. */
  async function write(kafka: Kafka, topic: string, partition: number, ...batches: string[][]) {
    const id = bench.uniqueName("writer");
    const producer = await kafka.transactions.open(id, 10_000, unaborted);
    for (const values of batches) {
      await producer.send(topic, partition, draftOf(...values));
      await producer.commit(nobody, []);
    }
    await producer.close();
    await decided(bench.clock, kafka.log, topic, partition);
  }

  test("what was sent is read back: keys, values, nulls and headers, in order", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    const sent = [
      { key: "t-1", value: "21.5", headers: [{ key: "reason", value: Buffer.from("late") }] },
      { key: null, value: "no key", headers: [] },
      { key: "no value", value: null, headers: [] },
    ];
    const producer = await kafka.transactions.open(bench.uniqueName("writer"), 10_000, unaborted);
    await producer.send(topic, 0, draftOfRecords(sent));
    await producer.commit(nobody, []);
    await decided(bench.clock, kafka.log, topic, 0);
    const read = await recordsOf(kafka.log, topic, 0, "read_committed");
    expect(read).toMatchObject(sent.map((record, offset) => ({ offset, ...record })));
  });

  test("a log has a start and an end; the end marker of a transaction takes one offset", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(2);
    expect(await kafka.log.partitionCount(topic)).toBe(2);
    await write(kafka, topic, 1, ["a", "b", "c"]);
    const both = [0, 1];
    const starts = await kafka.log.startOffsets(topic, both);
    expect([starts.get(0), starts.get(1)]).toEqual([0, 0]);
    for (const isolation of ["read_committed", "read_uncommitted"] as const) {
      const ends = await kafka.log.endOffsets(topic, both, isolation);
      expect([ends.get(0), ends.get(1)]).toEqual([0, 4]);
    }
  });

  test("partitions without news are left out of an answer", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(3);
    await write(kafka, topic, 1, ["a"]);
    const positions = new Map([0, 1, 2].map((partition) => [partition, 0]));
    const fetched = await kafka.log.fetch(fetchOf(topic, positions), unaborted);
    const [only, ...rest] = fetched;
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ topic, partition: 1, highWatermark: 2, lastStableOffset: 2 });
    expect(only).toMatchObject({ logStartOffset: 0, aborted: [] });
  });

  test("a fetch from the middle of a batch answers the whole batch", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    await write(kafka, topic, 0, ["a", "b", "c"]);
    const [fetched] = await kafka.log.fetch(fetchOf(topic, new Map([[0, 1]])), unaborted);
    expect(fetched?.batches.readBigInt64BE(0)).toBe(0n);
    expect(await valuesOf(kafka.log, topic, 0, "read_committed", 1)).toEqual(["b", "c"]);
  });

  test("a limit by bytes cuts no batch, and even one byte lets a reader move on", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    await write(kafka, topic, 0, ["a"], ["b"], ["c"]);
    const request = fetchOf(topic, new Map([[0, 0]]), { maxBytes: 1 });
    const [fetched] = await kafka.log.fetch(request, unaborted);
    expect(fetched?.batches.length).toBe(12 + (fetched?.batches.readInt32BE(8) ?? 0));
  });

  test("a long poll is answered as soon as there is news", async () => {
    const { clock } = bench;
    const [reader, writer] = await Promise.all([bench.connect(), bench.connect()]);
    const topic = await bench.createTopic(2);
    const positions = new Map([[0, 0], [1, 0]]); // biome-ignore format: pairs
    const request = fetchOf(topic, positions, { maxWaitMs: 20_000 });
    const polled = reader.log.fetch(request, unaborted);
    await write(writer, topic, 1, ["news"]);
    const fetched = await within(clock, polled, 5_000, "a long poll with news");
    expect(fetched.map(({ partition }) => partition)).toEqual([1]);
  });

  test("a long poll without news ends empty when its time is over", async () => {
    const { clock } = bench;
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    const startMs = clock.monotonicMs();
    const request = fetchOf(topic, new Map([[0, 0]]), { maxWaitMs: 300 });
    const polled = kafka.log.fetch(request, unaborted);
    expect(await within(clock, polled, 5_000, "a long poll without news")).toEqual([]);
    expect(clock.monotonicMs() - startMs).toBeGreaterThan(250);
  });

  test("an abort ends a long poll at once with its reason, and the client still works", async () => {
    const { clock } = bench;
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    const stop = new AbortController();
    const request = fetchOf(topic, new Map([[0, 0]]), { maxWaitMs: 20_000 });
    const polled = kafka.log.fetch(request, stop.signal);
    const reason = new Error("enough");
    stop.abort(reason);
    const ended = within(clock, polled, 2_000, "an aborted long poll");
    await expect(ended).rejects.toBe(reason);
    await write(kafka, topic, 0, ["after"]);
    expect(await valuesOf(kafka.log, topic, 0, "read_committed")).toEqual(["after"]);
  });

  test("a position that retention has cut is refused; the new start is readable", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    await write(kafka, topic, 0, ["a", "b"], ["c"]);
    await bench.cut(topic, 0, 3);
    const fetched = kafka.log.fetch(fetchOf(topic, new Map([[0, 1]])), unaborted);
    expect(await codeOf(fetched)).toBe("offset-out-of-range");
    expect((await kafka.log.startOffsets(topic, [0])).get(0)).toBe(3);
    expect(await valuesOf(kafka.log, topic, 0, "read_committed", 3)).toEqual(["c"]);
  });

  test("a position past the end is refused too: it belongs to another log", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    const fetched = kafka.log.fetch(fetchOf(topic, new Map([[0, 5]])), unaborted);
    expect(await codeOf(fetched)).toBe("offset-out-of-range");
  });

  test("a topic that does not exist is named as such", async () => {
    const kafka = await bench.connect();
    const counted = kafka.log.partitionCount(bench.uniqueName("no-such-topic"));
    expect(await codeOf(counted)).toBe("unknown-topic");
  });

  test("a closed client answers nothing any more", async () => {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(1);
    await kafka.close();
    expect(await codeOf(kafka.log.partitionCount(topic))).toBe("closed");
  });
}
