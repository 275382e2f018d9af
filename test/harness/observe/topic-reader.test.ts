import { expect, test } from "vitest";
import { createTopicReader } from "../../../harness/observe/topic-reader.ts";
import { checkBatch, endMarker, placeBatch } from "../../../harness/simulation/memory-batch.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import type { Broker } from "../../../pipeline/kafka/wire/broker.ts";
import type { RawFetched } from "../../../pipeline/kafka/wire/fetch.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { WireError } from "../../../pipeline/kafka/wire/wire-error.ts";

const topic = "t";
const part = (batches: Buffer, errorCode = 0): RawFetched => ({
  topic,
  partition: 0,
  errorCode,
  batches,
  highWatermark: 0,
  lastStableOffset: 0,
  logStartOffset: 0,
  aborted: [],
});

/** A broker of one partition: answers each fetch with the next of `answers`, then with nothing. */
function brokerOf(answers: readonly (RawFetched | WireError)[], end: number) {
  let [fetches, naps] = [0, 0];
  const call = async (_api: unknown, args: readonly unknown[]): Promise<unknown> => {
    if (args.length === 3) {
      const partitions = [{ partitionIndex: 0, errorCode: 0, offset: BigInt(end) }];
      return { topics: [{ partitions }] };
    }
    const answer = answers[fetches++] ?? part(Buffer.alloc(0));
    if (answer instanceof WireError) throw answer;
    return [answer];
  };
  const clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: async (_ms: number, signal?: AbortSignal) => {
      naps += 1;
      signal?.throwIfAborted();
    },
  };
  const link = () => ({ call });
  const broker = {
    clock,
    topic: async () => ({ topic, partitions: 1, leaders: [1] }),
    link,
    forget,
  };
  return { broker: broker as unknown as Broker, fetches: () => fetches, naps: () => naps };
}

function forget(): void {
  // Nothing is remembered here.
}

function batchAt(offset: number, transactional = false): Buffer {
  const writer = createBatchWriter(64);
  for (const text of ["a", "b"]) writer.append(null, 0, 0, Buffer.from(text), 0, 1);
  const stamp = { producerId: 4, producerEpoch: 0, baseSequence: 0, transactional, timestamp: 1 };
  return placeBatch(checkBatch(Buffer.from(stampBatch(writer.draft(), stamp))), offset, 5).bytes;
}

function readerOf(answers: readonly (RawFetched | WireError)[], end: number) {
  const source = brokerOf(answers, end);
  const seen: number[] = [];
  const reader = createTopicReader({
    minBytes: 1,
    broker: source.broker,
    topic,
    partitions: 1,
    visit: (_partition, record) => seen.push(record.offset),
  });
  return { reader, seen, source };
}

const { signal } = new AbortController();

test("it reads until the end that the topic had when it was told to finish", async () => {
  const { reader, seen } = readerOf([part(batchAt(0)), part(batchAt(2)), part(batchAt(4))], 4);
  await reader.finish();
  await reader.run(signal);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(reader.reachedEnd()).toBe(true);
  expect(reader.nextOffsets()).toEqual([4]);
});

test("an open transaction below the end is not the end", async () => {
  const marker = placeBatch(endMarker(4, 0, "commit"), 2, 5).bytes;
  const { reader, seen, source } = readerOf([part(batchAt(0, true)), part(marker)], 2);
  await reader.finish();
  await reader.run(signal);
  expect(source.fetches()).toBe(2);
  expect(seen).toEqual([0, 1]);
});

test("an outage of the broker, or of a leader, is waited out", async () => {
  const broken = new WireError("disconnected", "gone");
  const moved = part(Buffer.alloc(0), 6);
  const { reader, seen, source } = readerOf([broken, moved, part(batchAt(0))], 2);
  await reader.finish();
  await reader.run(signal);
  expect(seen).toEqual([0, 1]);
  expect(source.naps()).toBe(2);
});

test("a log that was cut below the reader, or damaged, is an error and never a short topic", async () => {
  const cut = readerOf([part(Buffer.alloc(0), 1)], 2);
  await expect(cut.reader.run(signal)).rejects.toMatchObject({ code: "topic-not-whole" });
  const bytes = batchAt(0);
  bytes[bytes.length - 1]! ^= 1;
  const damaged = readerOf([part(bytes)], 2);
  await expect(damaged.reader.run(signal)).rejects.toMatchObject({ code: "corrupt" });
});

test("aborted, it ends with the signal's reason and has not reached the end", async () => {
  const { reader } = readerOf([], 2);
  await reader.finish();
  await expect(reader.run(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(reader.reachedEnd()).toBe(false);
});
