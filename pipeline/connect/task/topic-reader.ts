/**
 * Reads one topic's assigned partitions and turns their records into writes. The reader remembers
 * where it is; after a rebalance a new one is made from the committed offsets.
 */
import type { FetchedPartition, Log } from "../../kafka/port.ts";
import { type CommittedFilter, createCommittedFilter } from "../../kafka/read-committed.ts";
import type { Batch } from "../../kafka/wire/batch-reader.ts";
import { emptyRecord, firstRecord, nextRecord } from "../../kafka/wire/record-cursor.ts";
import type { RecordCoordinates, SinkWrite } from "../../sinks/sink.ts";
import type { ConsumerSettings } from "../config/job-config.ts";
import type { TopicConverter } from "./convert-records.ts";
import { type RecordFailure, UnfitRecordError } from "./record-failure.ts";

export type ReadBatch = {
  readonly writes: readonly SinkWrite[];
  /** Records that were read: fewer than the writes when several statements read the topic. */
  readonly records: number;
  /** Records without a value that mean nothing. */
  readonly passedOver: number;
  /**
   * By partition: what may be committed once all writes are stored and all of `unfit` are dealt
   * with.
   */
  readonly offsets: ReadonlyMap<number, number>;
  /** Records that cannot be turned into writes and are to be skipped, in the order of the log. */
  readonly unfit: readonly RecordFailure[];
  /** The record after all those, if nothing may be skipped. Nothing is read past it. */
  readonly fault: RecordFailure | undefined;
  readonly progress: readonly PartitionProgress[];
  /** What the records came from, for those that must be seen again. */
  readonly fetched: readonly FetchedPartition[];
};

/** What a batch says of one partition. */
export type PartitionProgress = {
  readonly partition: number;
  /** Next offset after the batch. */
  readonly next: number;
  /** Where the log ended for this reader when it was asked. */
  readonly end: number;
  /** Timestamp of the last record, epoch milliseconds; undefined when there was none. */
  readonly lastMs: number | undefined;
};

export type TopicReader = {
  /**
   * Long-polls; a batch may be empty. Errors: those of `Log.fetch`, `WireError` for damaged
   * batches.
   */
  readonly read: (signal: AbortSignal) => Promise<ReadBatch>;
};

/**
 * Records that are converted in one go, in a millisecond or two; then the store's answers have
 * their turn, so that it does not run out of work meanwhile.
 */
const recordsInTurn = 250;

type Limits = Pick<
  ConsumerSettings,
  "isolation" | "maxBytes" | "maxBytesPerPartition" | "minBytes" | "maxWaitMs"
>;

/**
 * `from`: the offset to begin with, by partition. `limits`: of one fetch; by default some three
 * thousand aggregates, which a store takes within a second or so: that is what a crash writes
 * again. Two batches under way and one read ahead are held in memory. `skips`: whether records that
 * are unfit are skipped.
 */
export function createTopicReader(options: {
  readonly log: Log;
  readonly topic: string;
  readonly from: ReadonlyMap<number, number>;
  readonly convert: TopicConverter;
  readonly limits: Limits;
  readonly skips: boolean;
}): TopicReader {
  const { log, topic, convert, skips } = options;
  const { isolation, maxBytes, maxBytesPerPartition, minBytes, maxWaitMs } = options.limits;
  const limits = { isolation, maxBytes, maxBytesPerPartition, minBytes, maxWaitMs };
  const positions = new Map(options.from);
  const filters = new Map<number, CommittedFilter>();
  for (const partition of positions.keys()) filters.set(partition, createCommittedFilter());

  return {
    read: async (signal) => {
      const fetched = await log.fetch({ topic, positions, ...limits }, signal);
      const offsets = new Map<number, number>();
      const progress: PartitionProgress[] = [];
      const into: Into = { writes: [], unfit: [], records: 0, passedOver: 0, fault: undefined };
      for (const stretch of fetched) {
        const { partition } = stretch;
        const from = positions.get(partition);
        if (from === undefined) continue;
        const filter = filters.get(partition)!;
        const taken = await take(stretch, from, filter, { convert, skips }, into);
        const { next } = taken;
        offsets.set(partition, next);
        const end =
          isolation === "read_committed" ? stretch.lastStableOffset : stretch.highWatermark;
        progress.push({ partition, end, ...taken });
        // To the end: a broker fills its answer in the order of the request; the last would starve.
        positions.delete(partition);
        positions.set(partition, next);
        if (into.fault !== undefined) break;
      }
      return { ...into, offsets, progress, fetched };
    },
  };
}

/** What a read gathers, of all partitions. */
type Into = {
  readonly writes: SinkWrite[];
  readonly unfit: RecordFailure[];
  records: number;
  passedOver: number;
  fault: RecordFailure | undefined;
};

/**
 * Adds what one partition's stretch holds; `next` is the offset after the last record that was
 * dealt with.
 */
async function take(
  stretch: FetchedPartition,
  from: number,
  filter: CommittedFilter,
  { convert, skips }: { readonly convert: TopicConverter; readonly skips: boolean },
  into: Into,
): Promise<{ readonly next: number; readonly lastMs: number | undefined }> {
  const { topic, partition } = stretch;
  const batches: Batch[] = [];
  const next = filter(stretch, from, (batch) => void batches.push({ ...batch })); // it is reused
  const view = emptyRecord();
  let lastMs: number | undefined;
  for (const batch of batches) {
    for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
      if (view.offset < from) continue;
      const record: RecordCoordinates = { topic, partition, offset: view.offset };
      const outcome = convert(view, record, into.writes);
      if (typeof outcome === "object") {
        const error = new UnfitRecordError(outcome.message);
        const failure: RecordFailure = { record, stage: outcome.stage, error };
        if (!skips) {
          into.fault = failure;
          return { next: record.offset, lastMs };
        }
        into.unfit.push(failure);
      } else if (outcome === "passed-over") into.passedOver++;
      into.records++;
      lastMs = view.timestamp;
      if (into.records % recordsInTurn === 0) await nextTurn();
    }
  }
  return { next, lastMs };
}

/** Lets everything run that waits for its turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
