/**
 * What a broker does to a record batch: check it, give it its offset and its time, and write the control
 * batches that end transactions. Source: Kafka documentation, "Record Batch" and "Control Batches".
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";
import { attributeBits, layout, writeInt64 } from "../../pipeline/kafka/wire/batch-layout.ts";
import { type Batch, emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { crc32c } from "../../pipeline/kafka/wire/crc32c.ts";
import { emptyRecord, firstRecord, nextRecord } from "../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";

export type TransactionOutcome = "commit" | "abort";

/** Whose time a topic's records have: the broker's (LogAppendTime) or their producer's (CreateTime). */
export type TimestampType = "append" | "create";

/** A batch in a partition's log, with the bytes that a fetch answers. */
export type StoredBatch = {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
};

/**
 * Reads the one batch that a producer sent, every record of it: a broker takes no damaged ones.
 * Errors: `KafkaError` of code `corrupt`.
 */
export function checkBatch(bytes: Buffer): Batch {
  const batch = emptyBatch();
  try {
    const whole = readBatch(bytes, 0, batch) && batch.end === bytes.length;
    if (!whole) throw new RangeError("a produce request carries exactly one whole batch");
    const record = emptyRecord();
    let more = firstRecord(batch, record);
    while (more) more = nextRecord(record);
  } catch (cause) {
    throw new KafkaError("corrupt", "the broker refused a damaged batch", {
      definite: true,
      cause,
    });
  }
  return batch;
}

/** A copy of a checked batch at its place in the log, with the broker's time where the topic wants it. */
export function placeBatch(
  batch: Batch,
  baseOffset: number,
  appendedAtMs: number | undefined,
): StoredBatch {
  const bytes = Buffer.from(batch.bytes.subarray(batch.start, batch.end));
  writeInt64(bytes, baseOffset, layout.baseOffset);
  bytes.writeInt32BE(0, layout.leaderEpoch);
  if (appendedAtMs !== undefined) {
    const attributes = batch.attributes | attributeBits.logAppendTime;
    bytes.writeInt16BE(attributes, layout.attributes);
    writeInt64(bytes, Math.floor(appendedAtMs), layout.maxTimestamp);
  }
  bytes.writeUInt32BE(crc32c(bytes, layout.attributes, bytes.length), layout.crc);
  return { bytes, baseOffset, lastOffset: baseOffset + batch.lastOffset - batch.baseOffset };
}

/** The batch that tells every reader how the producer's transaction ended; not placed yet. */
export function endMarker(
  producerId: number,
  producerEpoch: number,
  outcome: TransactionOutcome,
): Batch {
  const key = Buffer.alloc(4); // int16 version 0, int16 type
  key.writeInt16BE(outcome === "commit" ? 1 : 0, 2);
  const value = Buffer.alloc(6); // int16 version 0, int32 coordinator epoch 0
  const writer = createBatchWriter(128);
  writer.append(key, 0, key.length, value, 0, value.length);
  const stamp = { producerId, producerEpoch, baseSequence: -1, transactional: true, timestamp: 0 };
  const bytes = stampBatch(writer.draft(), stamp);
  bytes.writeInt16BE(attributeBits.transactional | attributeBits.control, layout.attributes);
  bytes.writeUInt32BE(crc32c(bytes, layout.attributes, bytes.length), layout.crc);
  return checkBatch(bytes);
}
