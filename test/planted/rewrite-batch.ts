/**
 * Writes a fetched record batch anew with other values in it, at the same offsets, for bugs planted
 * in reading.
 */

import { attributeBits, layout } from "../../pipeline/kafka/wire/batch-layout.ts";
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { crc32c } from "../../pipeline/kafka/wire/crc32c.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  type RecordView,
} from "../../pipeline/kafka/wire/record-cursor.ts";
import { varintSize, writeVarint } from "../../pipeline/kafka/wire/write-varint.ts";

/**
 * What becomes of a record: stays as it is, is gone, or has another value. Its headers are not
 * kept.
 */
export type RecordFate = "keep" | "drop" | Buffer;

/** Timestamp deltas are 0: all records of a batch of ours have its time. */
const noDelta = 0;

/** The batch itself where nothing changes. One that loses records still covers the same offsets. */
export function rewriteBatch(batch: Batch, decide: (record: RecordView) => RecordFate): Buffer {
  const original = batch.bytes.subarray(batch.start, batch.end);
  const record = emptyRecord();
  const parts: Buffer[] = [];
  let isChanged = false;
  for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
    const fate = decide(record);
    if (fate !== "keep") isChanged = true;
    if (fate !== "drop") {
      parts.push(encodeRecord(record, record.offset - batch.baseOffset, fate));
    }
  }
  return isChanged ? assemble(original, parts) : original;
}

function encodeRecord(record: RecordView, offsetDelta: number, fate: "keep" | Buffer): Buffer {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  const key = keyEnd < 0 ? undefined : bytes.subarray(keyStart, keyEnd);
  const kept = valueEnd < 0 ? undefined : bytes.subarray(valueStart, valueEnd);
  const value = fate === "keep" ? kept : fate;
  const noAttributes = Buffer.from([0]);
  const body = Buffer.concat([
    noAttributes,
    ...[varint(noDelta), varint(offsetDelta)],
    ...[sized(key), sized(value), varint(0)],
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function sized(bytes: Buffer | undefined): Buffer {
  return bytes === undefined ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(varintSize(value));
  writeVarint(bytes, 0, value);
  return bytes;
}

/** The header of the original over other records; uncompressed, whatever it was. */
function assemble(original: Buffer, records: readonly Buffer[]): Buffer {
  const header = original.subarray(0, layout.records);
  const bytes = Buffer.concat([header, ...records]);
  const attributes = original.readInt16BE(layout.attributes) & ~attributeBits.compression;
  bytes.writeInt32BE(bytes.length - layout.leaderEpoch, layout.length);
  bytes.writeInt16BE(attributes, layout.attributes);
  bytes.writeInt32BE(records.length, layout.count);
  bytes.writeUInt32BE(crc32c(bytes, layout.attributes, bytes.length), layout.crc);
  return bytes;
}
