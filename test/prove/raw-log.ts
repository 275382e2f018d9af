/**
 * The raw topic as a broker would hand it out, without a broker: the simulator's generator walks
 * its plan, and every partition's sends become record batches with offsets, a slab of event time
 * after the other. Sends may be bent on their way, as a fault would. Hot path.
 */
import { endMarker, type TransactionOutcome } from "../../harness/simulation/memory-batch.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
import { plainStamp } from "../pipeline/kafka/wire/plain-stamp.ts";

/** Whole record batches of one partition, in log order. */
export type RawBatches = { readonly partition: number; readonly bytes: Buffer };

/** One partition's log while it is written. */
export type PartitionLog = {
  /** Appends a record; returns its offset. */
  readonly append: (key: Uint8Array, value: Uint8Array) => number;
  /** Appends a record of a transaction and the marker that ends it. */
  readonly transact: (key: Uint8Array, value: Uint8Array, outcome: TransactionOutcome) => void;
};

export type PlannedSend = {
  readonly reading: PlannedReading;
  readonly copy: 0 | 1;
  /** Counts the partition's sends from 0. */
  readonly position: number;
};

export type Bends = {
  /** By partition: from this position on `bend` takes over. */
  readonly from: readonly number[];
  /** Appends what takes the send's place and returns the next position that it wants. */
  readonly bend: (partition: number, send: PlannedSend, log: PartitionLog) => number;
};

const noBends: Bends = { from: [], bend: () => Number.POSITIVE_INFINITY };

export type RawLog = {
  /** What leaves before this event time and was not handed out yet. */
  readonly until: (eventMs: number) => readonly RawBatches[];
  /** Once, after the whole load: the closing readings but the last `without` of partition 0. */
  readonly closing: (without?: number) => readonly RawBatches[];
  /** Sends of the plan so far, by partition, bent ones and closing ones included. */
  readonly sends: () => readonly number[];
};

/** As many as the hot producer has in one at a few thousand readings/s and partition. */
const recordsPerBatch = 500;

export function createRawLog(plan: Plan, bends: Bends = noBends): RawLog {
  const lanes = Array.from({ length: plan.options.partitions }, (_, partition) =>
    createLane(plan, partition, bends),
  );
  return {
    until: (eventMs) => lanes.map((lane) => lane.until(eventMs)),
    closing: (without = 0) => lanes.map((lane, p) => lane.closing(p === 0 ? without : 0)),
    sends: () => lanes.map((lane) => lane.sends()),
  };
}

function createLane(plan: Plan, partition: number, bends: Bends) {
  const walk = createPartitionWalk(plan, partition);
  const writer = createBatchWriter(recordsPerBatch * 80);
  const value = new Uint8Array(plan.encodedMaxBytes);
  let bendFrom = bends.from[partition] ?? Number.POSITIVE_INFINITY;
  let written: Buffer[] = [];
  let nextOffset = 0;
  let closed = 0;

  const log: PartitionLog = {
    append: (key, bytes) => {
      writer.append(key, 0, key.length, bytes, 0, bytes.length);
      return added();
    },
    transact,
  };

  function visit(reading: PlannedReading, copy: 0 | 1, _sendAt: number, position: number): void {
    if (position >= bendFrom) bendFrom = bends.bend(partition, { reading, copy, position }, log);
    else appendPlanned(reading);
  }

  function appendPlanned(reading: PlannedReading): void {
    const end = plan.encode(reading, value, 0);
    writer.append(reading.idBytes, reading.idStart, reading.idEnd, value, 0, end);
    added();
  }

  function added(): number {
    nextOffset += 1;
    if (writer.count === recordsPerBatch) endBatch();
    return nextOffset - 1;
  }

  function endBatch(): void {
    if (writer.count === 0) return;
    write(stampBatch(writer.draft(), plainStamp), nextOffset - writer.count);
    writer.reset();
  }

  /** A copy, at its place: the broker's part; the checksum does not cover it. */
  function write(batch: Uint8Array, baseOffset: number): void {
    const bytes = Buffer.from(batch);
    bytes.writeBigInt64BE(BigInt(baseOffset), 0);
    written.push(bytes);
  }

  function transact(key: Uint8Array, bytes: Uint8Array, outcome: TransactionOutcome): void {
    endBatch();
    const own = createBatchWriter(key.length + bytes.length + 128);
    own.append(key, 0, key.length, bytes, 0, bytes.length);
    const writerOf = { ...plainStamp, producerId: 1, producerEpoch: 0, transactional: true };
    write(stampBatch(own.draft(), writerOf), nextOffset++);
    const marker = endMarker(writerOf.producerId, writerOf.producerEpoch, outcome);
    write(marker.bytes.subarray(marker.start, marker.end), nextOffset++);
  }

  function taken(): RawBatches {
    endBatch();
    const bytes = Buffer.concat(written);
    written = [];
    return { partition, bytes };
  }

  return {
    until: (eventMs: number): RawBatches => {
      walk.advance(eventMs, visit);
      return taken();
    },
    closing: (without: number): RawBatches => {
      const { startAt, loadMs } = plan.options;
      const readings = closingReadings(plan, partition, startAt + loadMs);
      for (const reading of readings.slice(0, readings.length - without)) appendPlanned(reading);
      closed = readings.length;
      return taken();
    },
    sends: () => walk.position + closed,
  };
}
