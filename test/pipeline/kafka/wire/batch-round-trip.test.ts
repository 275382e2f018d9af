import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyBatch,
  lastOffsetOf,
  readBatch,
  wholeBatchesEnd,
} from "../../../../pipeline/kafka/wire/batch-reader.ts";
import { createBatchWriter } from "../../../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../../../pipeline/kafka/wire/stamp-batch.ts";
import { hotDecode, hotEncode, plainBatches } from "./batch-samples.ts";
import { plainStamp } from "./plain-stamp.ts";
import { type PlainBatch, type PlainRecord, slowEncode } from "./slow-batch.ts";

test("the reader reads what the slow encoder writes", () => {
  fc.assert(
    fc.property(plainBatches, (batch) => {
      expect(hotDecode(slowEncode(batch))).toEqual(batch);
    }),
  );
});

test("the writer writes byte for byte what the slow encoder does", () => {
  fc.assert(
    fc.property(plainBatches, (sample) => {
      fc.pre(sample.records.length > 0);
      const batch = asProduced(sample);
      const slow = slowEncode(batch);
      slow.writeInt32BE(-1, 12); // The producer does not know the leader's epoch.
      expect(hotEncode(batch).equals(slow)).toBe(true);
    }),
  );
});

test("records with times of their own are written byte for byte as the slow encoder does", () => {
  fc.assert(
    fc.property(plainBatches, (sample) => {
      const [first] = sample.records;
      fc.pre(first !== undefined);
      const times = sample.records.map((record) => record.timestamp);
      const records = sample.records.map((record, offset) => ({ ...record, offset }));
      const own = { baseTimestamp: first!.timestamp, maxTimestamp: Math.max(...times), records };
      const batch = { ...asProduced(sample), ...own };
      const slow = slowEncode(batch);
      slow.writeInt32BE(-1, 12); // The producer does not know the leader's epoch.
      expect(hotEncode(batch, "own").equals(slow)).toBe(true);
    }),
  );
});

test("keys and values of every length are copied, wherever they lie and whichever was copied before", () => {
  const bytes = Buffer.from(Array.from({ length: 1_024 }, (_, at) => (at * 7) & 0xff));
  const sources = [bytes, new Uint8Array(bytes.buffer, bytes.byteOffset + 3, 1_000)] as const;
  const writer = createBatchWriter(61);
  const expected: PlainRecord[] = [];
  for (let length = 0; length <= 600; length++) {
    const source = sources[length % 2]!;
    const start = length % 5;
    writer.append(source, start, start + length, bytes, 1, 1 + length);
    expected.push({
      offset: length,
      timestamp: 0,
      key: Buffer.from(source.subarray(start, start + length)),
      value: bytes.subarray(1, 1 + length),
      headers: [],
    });
  }
  const read = hotDecode(stampBatch(writer.draft(), plainStamp));
  expect(read.records).toEqual(expected);
});

test("a batch of records with and without times of their own is refused", () => {
  const writer = createBatchWriter(61);
  const append = (time?: number) => writer.append(null, 0, 0, null, 0, 0, [], time);
  append(1);
  expect(() => append()).toThrow(RangeError);
  writer.reset();
  append();
  expect(() => append(1)).toThrow(RangeError);
  writer.reset();
  append(5);
  expect(writer.draft().times).toEqual({ first: 5, latest: 5 });
});

test("consecutive batches are read one after the other, and a cut one at the end is left", () => {
  fc.assert(
    fc.property(fc.array(plainBatches, { maxLength: 4 }), fc.nat(), (batches, cutAt) => {
      const encoded = batches.map((batch) => slowEncode(batch));
      const whole = Buffer.concat(encoded);
      const cut = Buffer.concat([whole, (encoded[0] ?? Buffer.alloc(0)).subarray(0, cutAt % 61)]);
      const into = emptyBatch();
      const ends: number[] = [];
      for (let at = 0; readBatch(cut, at, into); at = into.end) ends.push(into.end);
      expect(ends.length).toBe(batches.length);
      expect(wholeBatchesEnd(cut)).toBe(whole.length);
      const last = batches.at(-1);
      expect(lastOffsetOf(cut)).toBe(last ? last.baseOffset + last.lastOffsetDelta : -1);
    }),
  );
});

test("the time of appending, where the broker keeps it, is the time of every record", () => {
  fc.assert(
    fc.property(plainBatches, (sample) => {
      const batch = { ...sample, attributes: sample.attributes | 8 };
      for (const record of hotDecode(slowEncode(batch)).records) {
        expect(record.timestamp).toBe(batch.maxTimestamp);
      }
    }),
  );
});

test("keys and values are taken from within larger buffers", () => {
  const writer = createBatchWriter(61);
  const source = Buffer.from("..key..value..");
  writer.append(source, 2, 5, source, 7, 12);
  const [record] = hotDecode(stampBatch(writer.draft(), plainStamp)).records;
  expect(record).toMatchObject({ key: Buffer.from("key"), value: Buffer.from("value") });
});

test("a writer that hands its buffer over never writes into it again", () => {
  const writer = createBatchWriter(100);
  const value = Buffer.from("first");
  writer.append(null, 0, 0, value, 0, value.length);
  const taken = writer.take();
  const before = Buffer.from(taken.bytes);
  expect([writer.count, writer.size]).toEqual([0, 61]);
  writer.append(null, 0, 0, Buffer.from("other"), 0, 5);
  expect(taken.bytes.equals(before)).toBe(true);
  writer.give(taken.bytes);
  writer.take();
  expect(writer.draft().bytes).toBe(taken.bytes);
});

test("a batch that outgrows all reason is refused", () => {
  const writer = createBatchWriter(61);
  const value = Buffer.alloc(16 * 1024 * 1024);
  const append = (): void => writer.append(null, 0, 0, value, 0, value.length);
  for (let count = 0; count < 3; count++) append();
  expect(append).toThrow(expect.objectContaining({ code: "too-large" }));
  expect(writer.count).toBe(3);
});

test("a batch without records is not stamped", () => {
  expect(() => stampBatch(createBatchWriter(61).draft(), plainStamp)).toThrow(RangeError);
});

/** The same records as a producer sends them: from offset 0, dense, of one timestamp. */
function asProduced(batch: PlainBatch): PlainBatch {
  const timestamp = batch.baseTimestamp;
  return {
    ...batch,
    baseOffset: 0,
    lastOffsetDelta: batch.records.length - 1,
    maxTimestamp: timestamp,
    records: batch.records.map((record, offset) => ({ ...record, offset, timestamp })),
  };
}
