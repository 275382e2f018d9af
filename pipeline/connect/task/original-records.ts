/**
 * Records as they lie in the log, found again by their offsets in what was fetched: for dead
 * letters, which are rare. So nothing has to be kept of the many records that are stored.
 */
import type { FetchedPartition } from "../../kafka/port.ts";
import { emptyBatch, readBatch } from "../../kafka/wire/batch-reader.ts";
import type { RecordHeader } from "../../kafka/wire/batch-writer.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  readHeaders,
} from "../../kafka/wire/record-cursor.ts";
import type { RecordCoordinates } from "../../sinks/sink.ts";

/** Bytes as they came, copied; null is Kafka's null. */
export type OriginalRecord = {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** Epoch milliseconds; -1 when it has none. */
  readonly timestampMs: number;
};

/** In the order asked for. Errors: `RangeError` for a record that is not in `fetched`. */
export function findOriginals(
  fetched: readonly FetchedPartition[],
  records: readonly RecordCoordinates[],
): readonly OriginalRecord[] {
  const wanted = new Set(records.map(keyOf));
  const found = new Map<string, OriginalRecord>();
  const batch = emptyBatch();
  const cursor = emptyRecord();
  for (const { topic, partition, batches } of fetched) {
    if (!records.some((one) => one.topic === topic && one.partition === partition)) continue;
    for (let at = 0; readBatch(batches, at, batch); at = batch.end) {
      if (batch.control) continue;
      for (let more = firstRecord(batch, cursor); more; more = nextRecord(cursor)) {
        const key = keyOf({ topic, partition, offset: cursor.offset });
        if (wanted.has(key)) found.set(key, copyOf(cursor));
      }
    }
  }
  return records.map((record) => {
    const original = found.get(keyOf(record));
    if (original === undefined) throw new RangeError(`${keyOf(record)} was not fetched`);
    return original;
  });
}

function copyOf(cursor: ReturnType<typeof emptyRecord>): OriginalRecord {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd, timestamp } = cursor;
  return {
    key: keyEnd < 0 ? null : Buffer.from(bytes.subarray(keyStart, keyEnd)),
    value: valueEnd < 0 ? null : Buffer.from(bytes.subarray(valueStart, valueEnd)),
    headers: cursor.headerCount === 0 ? [] : readHeaders(cursor),
    timestampMs: timestamp,
  };
}

function keyOf({ topic, partition, offset }: RecordCoordinates): string {
  return `${topic}/${partition}/${offset}`;
}
