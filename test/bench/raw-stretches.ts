/** A fleet's readings as fetched stretches of one partition, made before the clock starts. */
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { readingAvroMaxBytes, writeReadingAvro } from "../../pipeline/contract/reading-avro.ts";
import type { FetchedPartition } from "../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { partitionOf } from "../../pipeline/kafka/wire/murmur2.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { plainStamp } from "../pipeline/kafka/wire/plain-stamp.ts";

export type RawFleet = {
  readonly devices: number;
  readonly partitions: number;
  readonly partition: number;
  readonly readingsPerDevice: number;
  readonly everyMs: number;
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly recordsPerBatch: number;
};

/**
 * One reading in so many is held back for so many of its device's periods, longer than grace: it
 * revises.
 */
const heldBackOneIn = 100;
const heldBackFor = 12;

/** One batch a stretch, in the order of event time but for the readings that are held back. */
export function rawStretches(fleet: RawFleet): FetchedPartition[] {
  const ids = idsOf(fleet);
  const value = Buffer.alloc(readingAvroMaxBytes);
  const reading = emptyRawReading();
  const home = Buffer.from("h-0000042");
  const writer = createBatchWriter(fleet.recordsPerBatch * 80);
  const stretches: FetchedPartition[] = [];
  let offset = 0;
  const cut = (): void => {
    const batches = Buffer.from(stampBatch(writer.draft(), plainStamp));
    batches.writeBigInt64BE(BigInt(offset), 0);
    offset += writer.count;
    writer.reset();
    stretches.push({
      topic: "raw",
      partition: fleet.partition,
      batches,
      highWatermark: offset,
      lastStableOffset: offset,
      logStartOffset: 0,
      aborted: [],
    });
  };
  const append = (index: number, seq: number): void => {
    const id = ids[index]!;
    Object.assign(reading, { idBytes: id, idEnd: id.length, homeBytes: home, model: 2 });
    reading.homeEnd = home.length;
    reading.seq = seq;
    reading.at = Math.floor(fleet.startMs + (seq + index / ids.length) * fleet.everyMs);
    reading.temperature = 1900 + ((seq * 7 + index) % 200);
    const end = writeReadingAvro(value, 0, reading);
    writer.append(id, 0, id.length, value, 0, end);
    if (writer.count === fleet.recordsPerBatch) cut();
  };
  for (let seq = 0; seq < fleet.readingsPerDevice + heldBackFor; seq++) {
    for (let index = 0; index < ids.length; index++) {
      if (seq < fleet.readingsPerDevice && !isHeldBack(index, seq)) append(index, seq);
      const held = seq - heldBackFor;
      if (held >= 0 && isHeldBack(index, held)) append(index, held);
    }
  }
  if (writer.count > 0) cut();
  return stretches;
}

function isHeldBack(index: number, seq: number): boolean {
  return (index * 31 + seq * 7) % heldBackOneIn === 0;
}

function idsOf(fleet: RawFleet): Buffer[] {
  const ids: Buffer[] = [];
  for (let number = 0; number < fleet.devices; number++) {
    const id = Buffer.from(`t-${String(number).padStart(7, "0")}`);
    if (partitionOf(id, 0, id.length, fleet.partitions) === fleet.partition) ids.push(id);
  }
  return ids;
}
