/** What a partition takes from a producer without transactions, and what it refuses. */
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka, type MemoryKafka } from "../../../harness/simulation/memory-kafka.ts";
import { emptyBatch, readBatch } from "../../../pipeline/kafka/wire/batch-reader.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { unaborted } from "../../pipeline/kafka/contract/contract-bench.ts";
import {
  draftOf,
  fetchOf,
  recordsOf,
  valuesOf,
} from "../../pipeline/kafka/contract/contract-records.ts";

const startMs = Date.UTC(2026, 0, 15);

function world(): MemoryKafka {
  return createMemoryKafka({ clock: createVirtualClock(startMs), topics: { raw: 2 } });
}

/** A stamped batch; the sender's own time is wrong on purpose. */
function batch(
  values: readonly string[],
  producer: { producerId: number; producerEpoch: number },
  baseSequence: number,
): Buffer {
  return stampBatch(draftOf(...values), {
    ...producer,
    baseSequence,
    transactional: false,
    timestamp: 1,
  });
}

const nobody = { producerId: -1, producerEpoch: -1 };

test("batches get dense offsets and the broker's time; what the producer keeps is not touched", async () => {
  const kafka = world();
  const sent = batch(["a", "b"], nobody, -1);
  const before = Buffer.from(sent);
  expect(kafka.append("raw", 0, sent)).toBe(0);
  expect(kafka.append("raw", 0, sent)).toBe(2);
  expect(sent).toEqual(before);
  const { log } = kafka.connect();
  const [fetched] = await log.fetch(fetchOf("raw", new Map([[0, 2]])), unaborted);
  const read = emptyBatch();
  expect(readBatch(fetched!.batches, 0, read)).toBe(true);
  expect(read).toMatchObject({ baseOffset: 2, logAppendTime: true, maxTimestamp: startMs });
  const offsets = (await recordsOf(log, "raw", 0, "read_committed")).map(({ offset }) => offset);
  expect(offsets).toEqual([0, 1, 2, 3]);
});

test("a batch that is sent again has its old offset and is stored once", async () => {
  const kafka = world();
  const producer = kafka.initProducer();
  const first = batch(["a", "b"], producer, 0);
  expect(kafka.append("raw", 0, first)).toBe(0);
  expect(kafka.append("raw", 0, batch(["c"], producer, 2))).toBe(2);
  expect(kafka.append("raw", 0, first)).toBe(0);
  expect(await valuesOf(kafka.connect().log, "raw", 0, "read_committed")).toEqual(["a", "b", "c"]);
});

test("only the last five batches are known again; an older one is out of order", () => {
  const kafka = world();
  const producer = kafka.initProducer();
  const batches = [0, 1, 2, 3, 4, 5].map((sequence) => batch(["a"], producer, sequence));
  for (const sent of batches) kafka.append("raw", 0, sent);
  expect(kafka.append("raw", 0, batches[1]!)).toBe(1);
  expect(() => kafka.append("raw", 0, batches[0]!)).toThrow(/sequence 0, not 6/);
});

test("a gap in the sequence is refused, by partition", () => {
  const kafka = world();
  const producer = kafka.initProducer();
  kafka.append("raw", 0, batch(["a"], producer, 0));
  expect(() => kafka.append("raw", 0, batch(["c"], producer, 2))).toThrow(
    expect.objectContaining({ code: "refused", definite: true }),
  );
  expect(kafka.append("raw", 1, batch(["a"], producer, 0))).toBe(0);
});

test("sequences wrap modulo 2^31, within a batch and between two", () => {
  const kafka = world();
  const producer = kafka.initProducer();
  const last = 2 ** 31 - 1;
  expect(kafka.append("raw", 0, batch(["a", "b", "c"], producer, last - 1))).toBe(0);
  expect(kafka.append("raw", 0, batch(["d"], producer, 1))).toBe(3);
  expect(kafka.append("raw", 1, batch(["a"], producer, last))).toBe(0);
  expect(kafka.append("raw", 1, batch(["b"], producer, 0))).toBe(1);
});

test("a newer epoch begins at sequence 0 and fences the older one", () => {
  const kafka = world();
  const producer = kafka.initProducer();
  const newer = { ...producer, producerEpoch: 1 };
  kafka.append("raw", 0, batch(["a"], producer, 0));
  expect(() => kafka.append("raw", 0, batch(["b"], newer, 1))).toThrow(/sequence 1, not 0/);
  expect(kafka.append("raw", 0, batch(["b"], newer, 0))).toBe(1);
  expect(() => kafka.append("raw", 0, batch(["c"], producer, 1))).toThrow(
    expect.objectContaining({ code: "fenced", definite: true }),
  );
});

test("damaged, cut, doubled and foreign bytes are refused", () => {
  const kafka = world();
  const sent = batch(["a", "b"], nobody, -1);
  const flipped = Buffer.from(sent);
  flipped[flipped.length - 3]! ^= 1;
  const damaged = [
    flipped,
    sent.subarray(0, -1),
    Buffer.concat([sent, sent]),
    Buffer.alloc(0),
    Buffer.alloc(100, 255),
  ];
  for (const bytes of damaged) {
    expect(() => kafka.append("raw", 0, bytes)).toThrow(
      expect.objectContaining({ code: "corrupt", definite: true }),
    );
  }
});

test("a transactional batch outside of a transaction is refused", () => {
  const kafka = world();
  const stamp = { ...kafka.initProducer(), baseSequence: 0, transactional: true, timestamp: 1 };
  expect(() => kafka.append("raw", 0, stampBatch(draftOf("a"), stamp))).toThrow(
    expect.objectContaining({ code: "refused" }),
  );
});

test("a topic or partition that does not exist is named", () => {
  const kafka = world();
  const sent = batch(["a"], nobody, -1);
  expect(() => kafka.append("no-such", 0, sent)).toThrow(/no-such/);
  expect(() => kafka.append("raw", 2, sent)).toThrow(/raw-2/);
});
