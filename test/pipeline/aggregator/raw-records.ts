/** Readings as record batches and record views, the way the raw topic carries them. */

import {
  emptyRawReading,
  type Model,
  models,
  type ReadingFormat,
} from "../../../pipeline/contract/reading.ts";
import { readingWriters } from "../../../pipeline/contract/reading-codec.ts";
import { emptyBatch, readBatch } from "../../../pipeline/kafka/wire/batch-reader.ts";
import { type BatchDraft, createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { plainStamp } from "../kafka/wire/plain-stamp.ts";

export type TestReading = {
  readonly device: string;
  readonly boot?: number;
  readonly seq: number;
  readonly at: number;
  readonly temperature?: number;
  readonly home?: string;
  readonly model?: Model;
};

/** A record as it lies in the topic; null is Kafka's null. */
export type RawRecord = { readonly key: Uint8Array | null; readonly value: Uint8Array | null };

export function recordOf(reading: TestReading, format: ReadingFormat = "avro"): RawRecord {
  const id = Buffer.from(reading.device);
  const home = Buffer.from(reading.home ?? `h-${reading.device}`);
  const raw = {
    ...emptyRawReading(),
    idBytes: id,
    idEnd: id.length,
    homeBytes: home,
    homeEnd: home.length,
    model: models.indexOf(reading.model ?? "SLR2"),
    boot: reading.boot ?? 0,
    seq: reading.seq,
    at: reading.at,
    temperature: reading.temperature ?? 2000,
  };
  const { write, maxBytes } = readingWriters[format];
  const bytes = Buffer.alloc(maxBytes);
  return { key: id, value: bytes.subarray(0, write(bytes, 0, raw)) };
}

export function draftOf(records: readonly RawRecord[]): BatchDraft {
  const writer = createBatchWriter(1024);
  for (const { key, value } of records) {
    writer.append(key, 0, key?.length ?? 0, value, 0, value?.length ?? 0);
  }
  return writer.take();
}

/** A batch as a broker stores it, at `baseOffset`. */
function storedBatch(records: readonly RawRecord[], baseOffset: number): Buffer {
  const bytes = Buffer.from(stampBatch(draftOf(records), plainStamp));
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

/** The batch of these records, ready to be walked. */
export function batchOf(records: readonly RawRecord[], baseOffset: number) {
  const batch = emptyBatch();
  if (!readBatch(storedBatch(records, baseOffset), 0, batch)) throw new Error("no whole batch");
  return batch;
}
