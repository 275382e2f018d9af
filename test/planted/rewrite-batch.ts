/** Re-encodes a fetched record batch with other records in it, at the same offsets, for bugs planted in reading. */
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { crc32c } from "../../pipeline/kafka/wire/crc32c.ts";
import { emptyRecord, firstRecord, nextRecord } from "../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";

const lastOffsetDeltaAt = 23;
const crcAt = 17;
const attributesAt = 21;

/** The batch without its last record; it still covers the same offsets. */
export function withoutLastRecord(batch: Batch): Buffer {
  const writer = createBatchWriter(batch.end - batch.start);
  const record = emptyRecord();
  let more = firstRecord(batch, record);
  while (more && writer.count < batch.count - 1) {
    const key = record.keyEnd < 0 ? null : record.bytes;
    const value = record.valueEnd < 0 ? null : record.bytes;
    writer.append(key, record.keyStart, record.keyEnd, value, record.valueStart, record.valueEnd);
    more = nextRecord(record);
  }
  const bytes = stampBatch(writer.take(), {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.transactional,
    timestamp: batch.maxTimestamp,
  });
  bytes.writeBigInt64BE(BigInt(batch.baseOffset), 0);
  bytes.writeInt32BE(batch.lastOffset - batch.baseOffset, lastOffsetDeltaAt);
  bytes.writeUInt32BE(crc32c(bytes, attributesAt, bytes.length), crcAt);
  return bytes;
}
