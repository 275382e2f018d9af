/** Arbitrary batches, and the hot path's reading of one as plain objects. */
import fc from "fast-check";
import { type Batch, emptyBatch, readBatch } from "../../../../pipeline/kafka/wire/batch-reader.ts";
import { createBatchWriter } from "../../../../pipeline/kafka/wire/batch-writer.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  readHeaders,
} from "../../../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../../../pipeline/kafka/wire/stamp-batch.ts";
import type { PlainBatch, PlainRecord } from "./slow-batch.ts";

const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each));
const headers = fc.array(
  fc.record(
    { key: fc.string({ unit: "grapheme" }), value: fc.option(bytes) },
    { noNullPrototype: true },
  ),
  { maxLength: 3 },
);

/** Batches with holes, as compaction leaves them, and with timestamps on both sides of the first. */
export const plainBatches: fc.Arbitrary<PlainBatch> = fc
  .record({
    baseOffset: fc.nat({ max: 2 ** 40 }),
    baseTimestamp: fc.integer({ min: 0, max: 4e12 }),
    producerId: fc.integer({ min: -1, max: 2 ** 40 }),
    producerEpoch: fc.integer({ min: -1, max: 32_767 }),
    baseSequence: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    transactional: fc.boolean(),
    trailingHole: fc.nat({ max: 3 }),
    records: fc.array(
      fc.record({
        hole: fc.nat({ max: 200 }),
        delta: fc.integer({ min: -1e12, max: 1e12 }),
        key: fc.option(bytes),
        value: fc.option(bytes),
        headers,
      }),
      { maxLength: 20 },
    ),
  })
  .map(({ records, trailingHole, transactional, ...batch }) => {
    let offset = batch.baseOffset;
    const placed = records.map(({ hole, delta, ...record }): PlainRecord => {
      const timestamp = batch.baseTimestamp + delta;
      const each = { ...record, offset: offset + hole, timestamp };
      offset = each.offset + 1;
      return each;
    });
    const lastOffsetDelta = Math.max(offset - batch.baseOffset - 1, 0) + trailingHole;
    const maxTimestamp = Math.max(batch.baseTimestamp, ...placed.map((each) => each.timestamp));
    const attributes = transactional ? 16 : 0;
    return { ...batch, lastOffsetDelta, maxTimestamp, attributes, records: placed };
  });

/**
 * What a producer of ours writes of these records: dense offsets, stamped; one timestamp for all of them, or
 * to each its own.
 */
export function hotEncode(batch: PlainBatch, times: "one" | "own" = "one"): Buffer {
  const writer = createBatchWriter(16);
  for (const { key, value, headers, timestamp } of batch.records) {
    const time = times === "own" ? timestamp : undefined;
    writer.append(key, 0, key?.length ?? 0, value, 0, value?.length ?? 0, headers, time);
  }
  return stampBatch(writer.draft(), {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.attributes !== 0,
    timestamp: batch.baseTimestamp,
  });
}

export function hotDecode(bytes: Buffer, at = 0): PlainBatch {
  const batch = emptyBatch();
  if (!readBatch(bytes, at, batch)) throw new Error("no whole batch");
  return {
    baseOffset: batch.baseOffset,
    lastOffsetDelta: batch.lastOffset - batch.baseOffset,
    attributes: batch.attributes,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    records: recordsOf(batch),
  };
}

export function recordsOf(batch: Batch): PlainRecord[] {
  const records: PlainRecord[] = [];
  const view = emptyRecord();
  for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
    const { bytes: source, keyStart, keyEnd, valueStart, valueEnd } = view;
    records.push({
      offset: view.offset,
      timestamp: view.timestamp,
      key: keyEnd < 0 ? null : Buffer.from(source.subarray(keyStart, keyEnd)),
      value: valueEnd < 0 ? null : Buffer.from(source.subarray(valueStart, valueEnd)),
      headers: readHeaders(view).map(({ key, value }) => {
        return { key, value: value === null ? null : Buffer.from(value) };
      }),
    });
  }
  return records;
}
