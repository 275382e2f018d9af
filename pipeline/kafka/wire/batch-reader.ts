/**
 * Reads record batches (v2) out of fetched bytes. Hot path: the caller owns one `Batch` and fills it again
 * and again (`record-cursor.ts` does the same for the records within). Every length is checked before it is
 * used, and the checksum of every batch. Source: Kafka documentation, "Record Batch".
 */
import { attributeBits, layout, readInt64 } from "./batch-layout.ts";
import { crc32c } from "./crc32c.ts";
import { type Compression, compressions } from "./decompress.ts";
import { WireError } from "./wire-error.ts";

/** One batch: `bytes[start, end)`. Valid until it is filled again. */
export type Batch = {
  bytes: Buffer;
  start: number;
  end: number;
  recordsStart: number;
  baseOffset: number;
  /** The last offset that the batch *covers*: compaction may have taken its record. Next is this + 1. */
  lastOffset: number;
  count: number;
  attributes: number;
  compression: Compression;
  transactional: boolean;
  /** Holds a transaction's end marker, no data. */
  control: boolean;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  /** Epoch milliseconds. */
  baseTimestamp: number;
  maxTimestamp: number;
  /** Whether the broker's time of appending (`maxTimestamp`) is the timestamp of every record. */
  logAppendTime: boolean;
};

export function emptyBatch(): Batch {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    recordsStart: 0,
    baseOffset: 0,
    lastOffset: -1,
    count: 0,
    attributes: 0,
    compression: "none",
    transactional: false,
    control: false,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    baseTimestamp: -1,
    maxTimestamp: -1,
    logAppendTime: false,
  };
}

/** The smallest `length` field: a header without records. */
const lengthMin = layout.records - layout.leaderEpoch;

/**
 * Fills `into` with the batch that begins at `at`; the next one begins at `into.end`. False when no whole
 * batch is left (a fetch may end in a cut one). Errors: `WireError` of code `corrupt` or `unsupported`.
 */
export function readBatch(bytes: Buffer, at: number, into: Batch): boolean {
  const end = batchEnd(bytes, at);
  if (end < 0) return false;
  const magic = bytes.readInt8(at + layout.magic);
  if (magic !== 2) throw new WireError("unsupported", `record batch of format ${magic}, not 2`);
  const crc = bytes.readUInt32BE(at + layout.crc);
  if (crc !== crc32c(bytes, at + layout.attributes, end)) {
    throw corrupt(bytes, at, "its checksum does not match");
  }
  const baseOffset = readInt64(bytes, at + layout.baseOffset);
  const lastOffsetDelta = bytes.readInt32BE(at + layout.lastOffsetDelta);
  const count = bytes.readInt32BE(at + layout.count);
  if (!Number.isSafeInteger(baseOffset) || baseOffset < 0 || lastOffsetDelta < 0) {
    throw corrupt(bytes, at, "its offsets are impossible");
  }
  if (count < 0 || count > lastOffsetDelta + 1) {
    throw corrupt(bytes, at, `it claims ${count} records in ${lastOffsetDelta + 1} offsets`);
  }
  const attributes = bytes.readInt16BE(at + layout.attributes);
  const compression = compressions[attributes & attributeBits.compression];
  if (compression === undefined) throw new WireError("unsupported", "unknown compression");
  into.bytes = bytes;
  into.start = at;
  into.end = end;
  into.recordsStart = at + layout.records;
  into.baseOffset = baseOffset;
  into.lastOffset = baseOffset + lastOffsetDelta;
  into.count = count;
  into.attributes = attributes;
  into.compression = compression;
  into.transactional = (attributes & attributeBits.transactional) !== 0;
  into.control = (attributes & attributeBits.control) !== 0;
  into.producerId = readInt64(bytes, at + layout.producerId);
  into.producerEpoch = bytes.readInt16BE(at + layout.producerEpoch);
  into.baseSequence = bytes.readInt32BE(at + layout.baseSequence);
  into.baseTimestamp = readInt64(bytes, at + layout.baseTimestamp);
  into.maxTimestamp = readInt64(bytes, at + layout.maxTimestamp);
  into.logAppendTime = (attributes & attributeBits.logAppendTime) !== 0;
  return true;
}

/** Where the last whole batch of `bytes` ends: what lies behind was cut by the size limit of the fetch. */
export function wholeBatchesEnd(bytes: Buffer): number {
  let at = 0;
  for (;;) {
    const end = batchEnd(bytes, at);
    if (end < 0) return at;
    at = end;
  }
}

/**
 * The last offset that whole batches cover, read from their lengths and the header of the last one alone: for
 * whoever asks for more before it has read these. -1 for none. Errors: `WireError` of code `corrupt`.
 */
export function lastOffsetOf(batches: Buffer): number {
  let last = -1;
  for (let at = 0, end = batchEnd(batches, at); end >= 0; end = batchEnd(batches, at)) {
    last = readInt64(batches, at) + batches.readInt32BE(at + layout.lastOffsetDelta);
    at = end;
  }
  return last;
}

/** Where the batch at `at` ends, or -1 when it is not whole. */
function batchEnd(bytes: Buffer, at: number): number {
  if (at + layout.leaderEpoch > bytes.length) return -1;
  const length = bytes.readInt32BE(at + layout.length);
  if (length < lengthMin) throw corrupt(bytes, at, `its length is ${length}`);
  const end = at + layout.leaderEpoch + length;
  return end > bytes.length ? -1 : end;
}

function corrupt(bytes: Buffer, at: number, why: string): WireError {
  const offset = readInt64(bytes, at + layout.baseOffset);
  return new WireError("corrupt", `record batch at offset ${offset} is damaged: ${why}`);
}
