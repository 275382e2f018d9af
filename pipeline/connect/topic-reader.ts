/**
 * Reads one topic's assigned partitions, read committed, and turns their records into writes. The reader
 * remembers where it is; after a rebalance a new one is made from the committed offsets.
 */

import type { FetchedPartition, FetchRequest, Log } from "../kafka/port.ts";
import { type CommittedFilter, createCommittedFilter } from "../kafka/read-committed.ts";
import type { Batch } from "../kafka/wire/batch-reader.ts";
import { emptyRecord, firstRecord, nextRecord } from "../kafka/wire/record-cursor.ts";
import type { RecordCoordinates, SinkWrite } from "../sinks/sink.ts";
import { type ConvertRecord, decodeDocument } from "./record-to-write.ts";

export type ReadBatch = {
  readonly writes: readonly SinkWrite[];
  /** Records that the writes come from: fewer than the writes when several statements read the topic. */
  readonly records: number;
  /** By partition: what may be committed once all writes are stored. */
  readonly offsets: ReadonlyMap<number, number>;
  /** The record after those, if it cannot be turned into a write. Nothing is read past it. */
  readonly fault: { readonly record: RecordCoordinates; readonly message: string } | undefined;
};

export type TopicReader = {
  /** Long-polls; a batch may be empty. Errors: those of `Log.fetch`, `WireError` for damaged batches. */
  readonly read: (signal: AbortSignal) => Promise<ReadBatch>;
};

/**
 * One fetch: some three thousand aggregates, which a store takes within a second or so. It is what a crash writes again,
 * and how long the successor of a dead task needs until its first commit. One batch under way and one read ahead
 * are held in memory.
 */
const limits = {
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 1024 * 1024,
  maxBytesPerPartition: 512 * 1024,
} as const satisfies Partial<FetchRequest>;

/** `from`: the offset to begin with, by partition. `convert`: one for each statement that reads the topic. */
export function createTopicReader(options: {
  readonly log: Log;
  readonly topic: string;
  readonly from: ReadonlyMap<number, number>;
  readonly convert: readonly ConvertRecord[];
}): TopicReader {
  const { log, topic, convert } = options;
  const positions = new Map(options.from);
  const filters = new Map<number, CommittedFilter>();
  for (const partition of positions.keys()) filters.set(partition, createCommittedFilter());

  return {
    read: async (signal) => {
      const request = { topic, positions, isolation: "read_committed", ...limits } as const;
      const fetched = await log.fetch(request, signal);
      const offsets = new Map<number, number>();
      const writes: SinkWrite[] = [];
      let records = 0;
      for (const stretch of fetched) {
        const { partition } = stretch;
        const from = positions.get(partition);
        if (from === undefined) continue;
        const taken = take(stretch, from, filters.get(partition)!, convert, writes);
        records += taken.records;
        offsets.set(partition, taken.next);
        // To the end: a broker fills its answer in the order of the request, and the last ones would starve.
        positions.delete(partition);
        positions.set(partition, taken.next);
        if (taken.fault !== undefined) return { writes, records, offsets, fault: taken.fault };
      }
      return { writes, records, offsets, fault: undefined };
    },
  };
}

type Taken = Pick<ReadBatch, "records" | "fault"> & { readonly next: number };

/** Adds the writes of one partition's stretch; `next` is the offset after the last good record. */
function take(
  stretch: FetchedPartition,
  from: number,
  filter: CommittedFilter,
  convert: readonly ConvertRecord[],
  writes: SinkWrite[],
): Taken {
  const { topic, partition } = stretch;
  const view = emptyRecord();
  let records = 0;
  let fault: ReadBatch["fault"];
  const onBatch = (batch: Batch): void => {
    if (fault !== undefined) return;
    for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
      if (view.offset < from) continue;
      const record = { topic, partition, offset: view.offset };
      const value =
        view.valueEnd < 0 ? undefined : view.bytes.subarray(view.valueStart, view.valueEnd);
      const message = addWrites(value, record, convert, writes);
      if (message !== undefined) {
        fault = { record, message };
        return;
      }
      records++;
    }
  };
  const next = filter(stretch, from, onBatch);
  return { records, fault, next: fault?.record.offset ?? next };
}

/** All of a record's writes, or none and the reason. */
function addWrites(
  value: Uint8Array | undefined,
  record: RecordCoordinates,
  convert: readonly ConvertRecord[],
  writes: SinkWrite[],
): string | undefined {
  if (value === undefined) return "its value is null, and tombstones are not supported";
  const document = decodeDocument(value);
  if (document === undefined) return "its value is no JSON object";
  const before = writes.length;
  for (const one of convert) {
    const converted = one(document, value, record);
    if (!converted.ok) {
      writes.length = before;
      return converted.message;
    }
    writes.push(converted.write);
  }
  return undefined;
}
