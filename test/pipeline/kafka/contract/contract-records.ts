/**
 * Writes and reads records through the port, in the plainest way: one object a record. Read committed is
 * done here once more, from the definition of the protocol, so that the suite does not depend on the
 * pipeline's own filter.
 */
import type { Clock } from "../../../../pipeline/clock.ts";
import type { FetchedPartition, Isolation, Log } from "../../../../pipeline/kafka/port.ts";
import { emptyBatch, readBatch } from "../../../../pipeline/kafka/wire/batch-reader.ts";
import {
  type BatchDraft,
  createBatchWriter,
  type RecordHeader,
} from "../../../../pipeline/kafka/wire/batch-writer.ts";
import {
  controlType,
  emptyRecord,
  firstRecord,
  nextRecord,
  readHeaders,
} from "../../../../pipeline/kafka/wire/record-cursor.ts";
import { unaborted } from "./contract-bench.ts";

export type PlainRecord = {
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly RecordHeader[];
};

/** A batch of these values, with the key `k` and no headers. */
export function draftOf(...values: readonly string[]): BatchDraft {
  return draftOfRecords(values.map((value) => ({ key: "k", value, headers: [] })));
}

/** A record for each of these times, whole epoch milliseconds. */
export function timedDraftOf(times: readonly number[]): BatchDraft {
  const value = "v";
  return draftOfRecords(times.map((timestamp) => ({ key: "k", value, headers: [], timestamp })));
}

type NewRecord = Pick<PlainRecord, "key" | "value" | "headers"> & { readonly timestamp?: number };

export function draftOfRecords(records: readonly NewRecord[]): BatchDraft {
  const writer = createBatchWriter(256);
  for (const { key, value, headers, timestamp } of records) {
    const keyBytes = key === null ? null : Buffer.from(key);
    const valueBytes = value === null ? null : Buffer.from(value);
    const [keyEnd, valueEnd] = [keyBytes?.length ?? 0, valueBytes?.length ?? 0];
    writer.append(keyBytes, 0, keyEnd, valueBytes, 0, valueEnd, headers, timestamp);
  }
  return writer.take();
}

/**
 * Waits until no transaction is open in the partition, then reads its committed values. A commit is answered
 * when it is decided; the markers that let readers pass are written a moment later.
 */
export async function committedValuesOf(
  clock: Clock,
  log: Log,
  topic: string,
  partition: number,
  from = 0,
): Promise<readonly (string | null)[]> {
  await decided(clock, log, topic, partition);
  return valuesOf(log, topic, partition, "read_committed", from);
}

/** Errors: `Error` when a transaction is still open after five seconds. */
export async function decided(
  clock: Clock,
  log: Log,
  topic: string,
  partition: number,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + 5_000;
  for (;;) {
    const stable = await log.endOffsets(topic, [partition], "read_committed");
    const all = await log.endOffsets(topic, [partition], "read_uncommitted");
    if (stable.get(partition) === all.get(partition)) return;
    if (clock.monotonicMs() > deadlineMs) throw new Error("a transaction is still open after 5 s");
    await clock.sleep(5);
  }
}

/** All values of a partition from `from` up to its present end. */
export async function valuesOf(
  log: Log,
  topic: string,
  partition: number,
  isolation: Isolation,
  from = 0,
): Promise<readonly (string | null)[]> {
  const records = await recordsOf(log, topic, partition, isolation, from);
  return records.map((record) => record.value);
}

export async function recordsOf(
  log: Log,
  topic: string,
  partition: number,
  isolation: Isolation,
  from = 0,
): Promise<readonly PlainRecord[]> {
  const ends = await log.endOffsets(topic, [partition], isolation);
  const end = ends.get(partition) ?? 0;
  const filter = createPlainFilter();
  const records: PlainRecord[] = [];
  let position = from;
  while (position < end) {
    const fetched = await log.fetch(
      fetchOf(topic, new Map([[partition, position]]), { isolation }),
      unaborted,
    );
    for (const stretch of fetched) {
      const read = filter(stretch);
      records.push(...read.records.filter(({ offset }) => offset >= position && offset < end));
      position = Math.max(position, read.nextOffset);
    }
  }
  return records;
}

type FetchVariant = {
  readonly isolation?: Isolation;
  readonly maxWaitMs?: number;
  readonly maxBytes?: number;
};

export function fetchOf(
  topic: string,
  positions: ReadonlyMap<number, number>,
  variant: FetchVariant = {},
) {
  const { isolation = "read_uncommitted", maxWaitMs = 500, maxBytes = 1 << 20 } = variant;
  const maxBytesPerPartition = maxBytes;
  return { topic, positions, isolation, maxWaitMs, minBytes: 1, maxBytes, maxBytesPerPartition };
}

export type ReadStretch = { readonly records: readonly PlainRecord[]; readonly nextOffset: number };

/** Stateful, for the stretches of one partition in order: a transaction may span several. */
export function createPlainFilter(): (stretch: FetchedPartition) => ReadStretch {
  const aborting = new Set<number>();
  return (stretch) => {
    const pending = [...stretch.aborted];
    const records: PlainRecord[] = [];
    const batch = emptyBatch();
    const record = emptyRecord();
    let nextOffset = 0;
    for (let at = 0; readBatch(stretch.batches, at, batch); at = batch.end) {
      nextOffset = batch.lastOffset + 1;
      for (const { producerId, firstOffset } of pending) {
        if (firstOffset <= batch.lastOffset) aborting.add(producerId);
      }
      const begun = pending.filter(({ firstOffset }) => firstOffset <= batch.lastOffset);
      for (const transaction of begun) pending.splice(pending.indexOf(transaction), 1);
      let more = firstRecord(batch, record);
      if (batch.control) {
        if (controlType(record) === "abort") aborting.delete(batch.producerId);
        continue;
      }
      if (batch.transactional && aborting.has(batch.producerId)) continue;
      for (; more; more = nextRecord(record)) {
        const { bytes, offset, keyStart, keyEnd, valueStart, valueEnd } = record;
        records.push({
          offset,
          timestamp: record.timestamp,
          key: keyEnd < 0 ? null : bytes.toString("utf8", keyStart, keyEnd),
          value: valueEnd < 0 ? null : bytes.toString("utf8", valueStart, valueEnd),
          headers: readHeaders(record),
        });
      }
    }
    return { records, nextOffset };
  };
}
