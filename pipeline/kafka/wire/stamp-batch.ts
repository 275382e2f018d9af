/**
 * Makes a draft a batch that a broker takes: header and checksum, written in place. A retry sends the
 * same stamped bytes again, so that the broker recognises them. Source: Kafka documentation, "Record Batch".
 */
import { attributeBits, layout, writeInt64 } from "./batch-layout.ts";
import type { BatchDraft } from "./batch-writer.ts";
import { crc32c } from "./crc32c.ts";

export type BatchStamp = {
  /** -1 for a producer without idempotence. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
  /** Epoch milliseconds; of every record that came without its own. A topic of LogAppendTime puts the broker's in its place. */
  readonly timestamp: number;
};

/** Returns `draft.bytes[0, end)`, not a copy. A batch without records is refused: brokers drop the connection. */
export function stampBatch(draft: BatchDraft, stamp: BatchStamp): Buffer {
  const { bytes, end, count, times } = draft;
  if (count === 0) throw new RangeError("a batch needs at least one record");
  const timestamp = Math.floor(stamp.timestamp);
  writeInt64(bytes, 0, layout.baseOffset);
  bytes.writeInt32BE(end - layout.leaderEpoch, layout.length);
  bytes.writeInt32BE(-1, layout.leaderEpoch);
  bytes.writeInt8(2, layout.magic);
  bytes.writeInt16BE(stamp.transactional ? attributeBits.transactional : 0, layout.attributes);
  bytes.writeInt32BE(count - 1, layout.lastOffsetDelta);
  writeInt64(bytes, times?.first ?? timestamp, layout.baseTimestamp);
  writeInt64(bytes, times?.latest ?? timestamp, layout.maxTimestamp);
  writeInt64(bytes, stamp.producerId, layout.producerId);
  bytes.writeInt16BE(stamp.producerEpoch, layout.producerEpoch);
  bytes.writeInt32BE(stamp.baseSequence, layout.baseSequence);
  bytes.writeInt32BE(count, layout.count);
  bytes.writeUInt32BE(crc32c(bytes, layout.attributes, end), layout.crc);
  return bytes.subarray(0, end);
}

/** The sequence of the batch that follows one of `count` records at `sequence`: modulo 2^31, 0 included. */
export function nextSequence(sequence: number, count: number): number {
  return (sequence + count) % 0x8000_0000;
}
