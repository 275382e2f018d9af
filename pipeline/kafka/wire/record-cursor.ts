/**
 * Walks the records of a batch. Hot path: one `RecordView` is filled again and again; keys and values stay
 * where they are, as positions in `bytes`. Source: Kafka documentation, "Record".
 */
import type { Batch } from "./batch-reader.ts";
import type { RecordHeader } from "./batch-writer.ts";
import { decompress } from "./decompress.ts";
import { WireError } from "./wire-error.ts";

/** One record. Valid until it is filled again. */
export type RecordView = {
  /** What the positions point into: the fetched bytes, or what a compressed batch unpacked to. */
  bytes: Buffer;
  offset: number;
  /** Epoch milliseconds. */
  timestamp: number;
  keyStart: number;
  /** -1 for a null key. */
  keyEnd: number;
  valueStart: number;
  /** -1 for a null value. */
  valueEnd: number;
  headerCount: number;
  headersStart: number;
  /** Where this record ends, which is where the next one begins. */
  end: number;
  /** Records behind this one. */
  left: number;
  /** Where the records of the batch end, and what their deltas count from. */
  readonly frame: {
    end: number;
    baseOffset: number;
    lastOffset: number;
    baseTimestamp: number;
    appendTime: number;
  };
};

export function emptyRecord(): RecordView {
  return {
    bytes: Buffer.alloc(0),
    offset: -1,
    timestamp: -1,
    keyStart: 0,
    keyEnd: -1,
    valueStart: 0,
    valueEnd: -1,
    headerCount: 0,
    headersStart: 0,
    end: 0,
    left: 0,
    frame: { end: 0, baseOffset: 0, lastOffset: 0, baseTimestamp: 0, appendTime: -1 },
  };
}

/** Fills `into` with the first record; false when the batch has none. Errors: as `nextRecord`, and of `decompress`. */
export function firstRecord(batch: Batch, into: RecordView): boolean {
  const { frame } = into;
  if (batch.compression === "none") {
    into.bytes = batch.bytes;
    into.end = batch.recordsStart;
    frame.end = batch.end;
  } else {
    into.bytes = decompress(batch.compression, batch.bytes, batch.recordsStart, batch.end);
    into.end = 0;
    frame.end = into.bytes.length;
  }
  frame.baseOffset = batch.baseOffset;
  frame.lastOffset = batch.lastOffset;
  frame.baseTimestamp = batch.baseTimestamp;
  frame.appendTime = batch.logAppendTime ? batch.maxTimestamp : -1;
  into.left = batch.count;
  return nextRecord(into);
}

/** Fills `into` with the next record; false when there was none. Errors: `WireError` of code `corrupt`. */
export function nextRecord(into: RecordView): boolean {
  const { bytes, frame } = into;
  if (into.left === 0) {
    if (into.end !== frame.end) throw corrupt(into, "bytes follow its last record");
    return false;
  }
  const length = readVarint(bytes, into.end, frame.end);
  const start = position;
  const end = start + length;
  if (length < 1 || end > frame.end) throw corrupt(into, `a record of ${length} bytes`);
  const timestampDelta = readVarlong(bytes, start + 1, end);
  const offset = frame.baseOffset + readVarint(bytes, position, end);
  if (offset < frame.baseOffset || offset > frame.lastOffset) {
    throw corrupt(into, `a record of offset ${offset}`);
  }
  const keyLength = readVarint(bytes, position, end);
  into.keyStart = position;
  const keyEnd = position + Math.max(keyLength, 0);
  into.keyEnd = keyLength < 0 ? -1 : keyEnd;
  if (keyEnd > end) throw corrupt(into, `a key of ${keyLength} bytes`);
  const valueLength = readVarint(bytes, keyEnd, end);
  into.valueStart = position;
  const valueEnd = position + Math.max(valueLength, 0);
  into.valueEnd = valueLength < 0 ? -1 : valueEnd;
  if (valueEnd > end) throw corrupt(into, `a value of ${valueLength} bytes`);
  const headerCount = readVarint(bytes, valueEnd, end);
  // A header takes two bytes or more.
  if (headerCount < 0 || 2 * headerCount > end - position) {
    throw corrupt(into, `${headerCount} headers`);
  }
  if (headerCount === 0 && position !== end) throw corrupt(into, "a record that is too long");
  into.headerCount = headerCount;
  into.headersStart = position;
  into.offset = offset;
  into.timestamp = frame.appendTime >= 0 ? frame.appendTime : frame.baseTimestamp + timestampDelta;
  into.end = end;
  into.left -= 1;
  return true;
}

/**
 * The record's headers, copied out in their order: nothing is read of them before this is called, and the view
 * stays where it is. Errors: `WireError` of code `corrupt`.
 */
export function readHeaders(record: RecordView): RecordHeader[] {
  const { bytes, end } = record;
  const headers: RecordHeader[] = [];
  position = record.headersStart;
  for (let left = record.headerCount; left > 0; left--) {
    const key = readSlice(record, end)?.toString("utf8") ?? "";
    const value = readSlice(record, end);
    headers.push({ key, value: value === null ? null : Buffer.from(value) });
  }
  if (position !== end) throw corrupt({ ...record, bytes }, "bytes follow its last header");
  return headers;
}

/** What a record of a control batch says of its transaction. Source: Kafka documentation, "Control Batches". */
export function controlType(record: RecordView): "abort" | "commit" | "other" {
  if (record.keyEnd - record.keyStart < 4) return "other";
  const type = record.bytes.readInt16BE(record.keyStart + 2);
  if (type === 0) return "abort";
  return type === 1 ? "commit" : "other";
}

/** Null for a length below 0, which is Kafka's null. */
function readSlice(record: RecordView, end: number): Buffer | null {
  const length = readVarint(record.bytes, position, end);
  if (length < 0) return null;
  const start = position;
  if (start + length > end) throw corrupt(record, `a header of ${length} bytes`);
  position = start + length;
  return record.bytes.subarray(start, position);
}

/** Where the last varint ended: a second result without an object. */
let position = 0;

function readVarint(bytes: Buffer, start: number, end: number): number {
  // Lengths and deltas of small records take one byte.
  if (start < end) {
    const only = bytes[start]!;
    if (only < 0x80) {
      position = start + 1;
      return (only >>> 1) ^ -(only & 1);
    }
  }
  return readLongerVarint(bytes, start, end);
}

function readLongerVarint(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) break;
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      position = at;
      return (value >>> 1) ^ -(value & 1);
    }
  }
  throw new WireError("corrupt", "a record batch holds a number that does not end");
}

/** Zigzag of up to 64 bits; inexact beyond 2^53, where no timestamp lies. */
function readVarlong(bytes: Buffer, start: number, end: number): number {
  if (start < end && bytes[start] === 0) {
    position = start + 1;
    return 0;
  }
  let at = start;
  let value = 0;
  for (let scale = 1; scale < 2 ** 70; scale *= 128) {
    if (at >= end) break;
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      position = at;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
  throw new WireError("corrupt", "a record batch holds a number that does not end");
}

function corrupt(record: RecordView, what: string): WireError {
  const { baseOffset } = record.frame;
  return new WireError("corrupt", `record batch at offset ${baseOffset} is damaged: ${what}`);
}
