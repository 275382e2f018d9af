/** One assigned partition: its windows, how far its log is folded, and what waits for the next transaction. */
import { type RejectionReason, rejectionReasons } from "../contract/rejection.ts";
import type { CommittedOffset, FetchedPartition } from "../kafka/port.ts";
import { type CommittedFilter, createCommittedFilter } from "../kafka/read-committed.ts";
import type { Batch } from "../kafka/wire/batch-reader.ts";
import { emptyRecord, firstRecord, nextRecord } from "../kafka/wire/record-cursor.ts";
import { AggregatorError } from "./aggregator-error.ts";
import type { CheckpointName } from "./checkpoint-name.ts";
import type { AggregatorConfig } from "./config.ts";
import { createEmitter } from "./emit.ts";
import { createWindowFold, type Emit, fold, settle, type WindowFold } from "./fold.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createRejector, type Reject } from "./reject.ts";

/** Per raw offset: read = folded + duplicate + rejected. */
export type Counts = {
  folded: number;
  duplicate: number;
  /** Aggregate records, revisions included. */
  emitted: number;
  checkpoints: number;
  readonly rejected: Record<RejectionReason, number>;
};

export type PartitionState = {
  readonly partition: number;
  readonly fold: WindowFold;
  readonly aggregated: Outbox;
  readonly rejected: Outbox;
  readonly filter: CommittedFilter;
  readonly emit: Emit;
  readonly reject: Reject;
  /** Raw offset that is folded next. */
  position: number;
  /** What the group holds; undefined before the first commit. */
  committed: CommittedOffset | undefined;
  /** The checkpoint that the committed offset names. */
  checkpoint: CheckpointName | undefined;
  /** Number of the last checkpoint that counts; -1 before the first. */
  checkpointSequence: number;
  /** Monotonic milliseconds. */
  checkpointDueAt: number;
  /** State changed in a way that the log does not tell: the next transaction must carry a checkpoint. */
  checkpointOwed: boolean;
  recordsSinceCheckpoint: number;
  /** Monotonic milliseconds at which the last records came. */
  newsAt: number;
  /** Where the log ended for readers (its last stable offset) when it was last asked. */
  endOffset: number;
  /** Kafka's timestamp of the newest record that is folded, epoch milliseconds; of the newest that is committed. */
  newestRecordAtMs: number | undefined;
  committedRecordAtMs: number | undefined;
  /** Since the last commit: what is rolled back was never counted. */
  counts: Counts;
};

export function createPartitionState(
  config: AggregatorConfig,
  partition: number,
  partitions: number,
): PartitionState {
  const aggregated = createOutbox();
  const rejected = createOutbox();
  return {
    partition,
    fold: createWindowFold(config.window, config.digestKey, partition, partitions),
    aggregated,
    rejected,
    filter: createCommittedFilter(),
    emit: createEmitter(aggregated),
    reject: createRejector(rejected, config.topics.raw, partition),
    position: 0,
    committed: undefined,
    checkpoint: undefined,
    checkpointSequence: -1,
    checkpointDueAt: 0,
    checkpointOwed: true,
    recordsSinceCheckpoint: 0,
    newsAt: 0,
    endOffset: 0,
    newestRecordAtMs: undefined,
    committedRecordAtMs: undefined,
    counts: emptyCounts(),
  };
}

export function emptyCounts(): Counts {
  const rejected = Object.fromEntries(rejectionReasons.map((reason) => [reason, 0]));
  return {
    folded: 0,
    duplicate: 0,
    emitted: 0,
    checkpoints: 0,
    rejected: rejected as Record<RejectionReason, number>,
  };
}

/** Folds a stretch of the log; what becomes due waits in the outboxes. */
export function foldFetched(state: PartitionState, fetched: FetchedPartition): void {
  state.endOffset = fetched.lastStableOffset;
  state.position = state.filter(fetched, state.position, (batch) => {
    foldBatch(state, batch, state.reject);
    settle(state.fold, state.emit);
    state.newestRecordAtMs = batch.maxTimestamp;
  });
}

/**
 * Folds what was folded and committed before, up to offset `until`, and emits nothing: what the log up to
 * there makes due went out in the transaction that committed `until`.
 */
export function refoldFetched(
  state: PartitionState,
  fetched: FetchedPartition,
  until: number,
): void {
  const next = state.filter(fetched, state.position, (batch) => {
    if (batch.baseOffset >= until) return;
    if (batch.lastOffset >= until) throw insideBatch(state.partition, until, batch);
    foldBatch(state, batch, nobody);
    settle(state.fold, nobody);
    state.newestRecordAtMs = batch.maxTimestamp;
  });
  state.position = Math.min(next, until);
  state.counts = emptyCounts();
}

const nobody = (): void => undefined;

/** One for all: a batch is folded without interruption. */
const record = emptyRecord();

function foldBatch(state: PartitionState, batch: Batch, reject: Reject): void {
  const { counts, position } = state;
  for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
    // A fetch from the middle of a batch brings the whole batch.
    if (record.offset < position) continue;
    state.recordsSinceCheckpoint++;
    const outcome = fold(state.fold, record);
    if (outcome === "folded") counts.folded++;
    else if (outcome === "duplicate") counts.duplicate++;
    else {
      counts.rejected[outcome]++;
      reject(record, outcome);
    }
  }
}

function insideBatch(partition: number, until: number, batch: Batch): AggregatorError {
  return new AggregatorError(
    "offset",
    `raw partition ${partition}: the committed offset ${until} lies inside the record batch ` +
      `${batch.baseOffset}–${batch.lastOffset}, where no commit of ours ends; the topic was made anew ` +
      "or the offset was set by hand",
  );
}
