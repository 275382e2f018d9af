/** A follower reads all there is, then what comes; what it writes it has read back; what is no record it passes over. */
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka } from "../../../../harness/simulation/memory-kafka.ts";
import { followTopic } from "../../../../pipeline/connect/worker/compacted-topic.ts";
import { createRecordWriter } from "../../../../pipeline/connect/worker/record-writer.ts";
import type { TopicEntry } from "../../../../pipeline/connect/worker/topic-entries.ts";
import { createBatchWriter } from "../../../../pipeline/kafka/wire/batch-writer.ts";

const topic = "cluster.connect.configs";
const never = new AbortController().signal;

function createBench() {
  const clock = createVirtualClock(1_768_435_200_000);
  const kafka = createMemoryKafka({ clock });
  const messages: string[] = [];
  const note = (fields: object, message: string): void => {
    messages.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const admin = kafka.connect("admin");
  const writer = createRecordWriter(admin);
  const run = <T>(work: Promise<T>): Promise<T> => clock.runUntil(work, 60_000);

  async function follow() {
    const client = kafka.connect("worker");
    const entries: TopicEntry[] = [];
    const control = new AbortController();
    const followed = await run(
      followTopic({
        kafka: client,
        topic,
        writer,
        clock,
        log,
        onEntry: (entry) => {
          entries.push(entry);
          return undefined;
        },
        signal: control.signal,
      }),
    );
    return { ...followed, client, entries, stop: () => control.abort(new Error("stop")) };
  }

  async function sendRaw(key: Uint8Array | null, value: Uint8Array): Promise<void> {
    const batch = createBatchWriter(256);
    batch.append(key, 0, key?.length ?? 0, value, 0, value.length);
    const producer = await run(admin.openProducer(never));
    await run(producer.send(topic, 0, batch.take()));
  }

  return { clock, kafka, messages, run, follow, sendRaw };
}

const seen = (entries: readonly TopicEntry[]) =>
  entries.map(({ key, value, live }) => [key, value, live]);

test("what was there is old, what comes is live; a tombstone is null", async () => {
  const bench = createBench();
  const first = await bench.follow();
  await bench.run(first.caughtUp);
  await bench.run(first.put("a", { n: 1 }));
  await bench.run(first.put("a", null));
  const second = await bench.follow();
  await bench.run(second.caughtUp);
  await bench.run(first.put("b", { n: 2 }));
  await bench.clock.advance(2_000);
  expect(seen(second.entries)).toEqual([
    ["a", { n: 1 }, false],
    ["a", null, false],
    ["b", { n: 2 }, true],
  ]);
  second.stop();
  await bench.run(second.ended);
});

test("when a put resolves, this follower has the record", async () => {
  const bench = createBench();
  const { put, entries } = await bench.follow();
  for (let at = 0; at < 20; at++) {
    await bench.run(put(`key-${at}`, { at }));
    expect(entries.at(-1)?.value).toEqual({ at });
  }
});

test("a put that is not read back says so: the record may be there", async () => {
  const bench = createBench();
  const { put, client } = await bench.follow();
  client.hold(); // the follower's; the writer has one of its own here
  await expect(bench.run(put("a", {}))).rejects.toMatchObject({
    code: "unavailable",
    definite: false,
  });
});

test("no key, no JSON, too large: each is told with its offset and passed over", async () => {
  const bench = createBench();
  const { entries, passedOver } = await bench.follow();
  const key = Buffer.from("key");
  await bench.sendRaw(null, Buffer.from("{}"));
  await bench.sendRaw(key, Buffer.from("{ half"));
  await bench.sendRaw(key, Buffer.alloc(600 * 1024, " "));
  await bench.sendRaw(Buffer.alloc(2_000, "k"), Buffer.from("{}"));
  await bench.sendRaw(key, Buffer.from('"good"'));
  await bench.clock.advance(2_000);
  expect(seen(entries)).toEqual([["key", "good", true]]);
  expect(passedOver()).toBe(4);
  expect(bench.messages.filter((line) => line.startsWith("passed over"))).toHaveLength(4);
});

test("what retention or a new topic took away is not waited for", async () => {
  const bench = createBench();
  const first = await bench.follow();
  for (const key of ["a", "b", "c"]) await bench.run(first.put(key, {}));
  bench.kafka.cut(topic, 0, 2);
  const second = await bench.follow();
  await bench.run(second.caughtUp);
  expect(seen(second.entries)).toEqual([["c", {}, false]]);
  bench.kafka.cut(topic, 0, 3);
  const third = await bench.follow();
  await bench.run(third.caughtUp);
  expect(third.entries).toEqual([]);
});
