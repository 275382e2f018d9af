import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyBatch, readBatch } from "../../../pipeline/kafka/wire/batch-reader.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
} from "../../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { type RecordFate, rewriteBatch } from "../../planted/rewrite-batch.ts";

const firstOffset = 1_000;

function batchOf(values: readonly string[]): Buffer {
  const writer = createBatchWriter(64);
  for (const value of values) {
    const bytes = Buffer.from(value);
    writer.append(Buffer.from("key"), 0, 3, bytes, 0, bytes.length);
  }
  const stamp = { producerId: 7, producerEpoch: 1, baseSequence: 0, transactional: false };
  const bytes = Buffer.from(stampBatch(writer.take(), { ...stamp, timestamp: 5 }));
  bytes.writeBigInt64BE(BigInt(firstOffset), 0); // The checksum does not cover it.
  return bytes;
}

function read(bytes: Buffer): { readonly lastOffset: number; readonly records: unknown[] } {
  const batch = emptyBatch();
  expect(readBatch(bytes, 0, batch)).toBe(true);
  const record = emptyRecord();
  const records: unknown[] = [];
  for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
    const value = record.bytes.subarray(record.valueStart, record.valueEnd).toString();
    records.push([record.offset, value]);
  }
  return { lastOffset: batch.lastOffset, records };
}

test("records that go, stay or change leave the others and the batch's offsets as they are", () => {
  const fates = fc.constantFrom("keep", "drop", "change");
  const each = fc.tuple(fc.string(), fates);
  fc.assert(
    fc.property(fc.array(each, { minLength: 1, maxLength: 40 }), (records) => {
      const original = batchOf(records.map(([value]) => value));
      const batch = emptyBatch();
      readBatch(original, 0, batch);
      const rewritten = rewriteBatch(batch, ({ offset }): RecordFate => {
        const fate = records[offset - firstOffset]![1];
        return fate === "change" ? Buffer.from("another") : (fate as "keep" | "drop");
      });
      const expected = records.flatMap(([value, fate], i) =>
        fate === "drop" ? [] : [[firstOffset + i, fate === "change" ? "another" : value]],
      );
      const lastOffset = firstOffset + records.length - 1;
      expect(read(rewritten)).toEqual({ lastOffset, records: expected });
    }),
  );
});
