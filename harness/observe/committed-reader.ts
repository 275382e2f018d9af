/**
 * The harness's own answer to "which records are committed?", made differently from any consumer's: the
 * broker's list of aborted transactions is not believed. Transactional batches wait until the marker of their
 * transaction is read in the log itself; a commit releases them, an abort drops them. Read with
 * `read_uncommitted`; slow and obvious. One reader a partition.
 */
import { type Batch, emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import {
  controlType,
  emptyRecord,
  firstRecord,
  nextRecord,
  type RecordView,
} from "../../pipeline/kafka/wire/record-cursor.ts";

/** Both views are filled anew for each call. */
export type VisitCommitted = (record: RecordView, batch: Batch) => void;

/** Told of what lies in the log besides its committed records, in its order. Views as in `VisitCommitted`. */
export type TransactionListener = {
  /** A batch of a transaction whose end was not read yet. */
  readonly onBatch: (batch: Batch) => void;
  readonly onEnd: (marker: Batch, outcome: "commit" | "abort") => void;
  /** A record that an abort dropped. */
  readonly onAborted: VisitCommitted;
};

export type CommittedReader = {
  /** Takes the next stretch of the log, whole batches; what ended a transaction releases its records. */
  readonly take: (bytes: Buffer, visit: VisitCommitted) => void;
  /** Everything below was read. */
  readonly nextOffset: () => number;
  /** The first offset of a transaction whose end was not read yet; undefined when none is open. */
  readonly openSince: () => number | undefined;
  /** Records that an abort dropped. */
  readonly aborted: () => number;
};

type Waiting = { readonly bytes: Buffer; readonly at: number; readonly firstOffset: number };

export function createCommittedReader(
  fromOffset = 0,
  listener?: TransactionListener,
): CommittedReader {
  /** Batches of open transactions, by producer id, in log order. */
  const open = new Map<number, Waiting[]>();
  const batch = emptyBatch();
  const record = emptyRecord();
  let nextOffset = fromOffset;
  let aborted = 0;

  function take(bytes: Buffer, visit: VisitCommitted): void {
    let at = 0;
    while (readBatch(bytes, at, batch)) {
      const [start, end] = [batch.start, batch.end];
      const isNew = batch.lastOffset >= nextOffset;
      const after = batch.lastOffset + 1;
      if (isNew && batch.control) endTransaction(visit);
      else if (isNew && batch.transactional) wait(bytes, start);
      else if (isNew) visitAll(nextOffset, visit);
      nextOffset = Math.max(nextOffset, after);
      at = end;
    }
  }

  function wait(bytes: Buffer, at: number): void {
    const waiting = open.get(batch.producerId) ?? [];
    waiting.push({ bytes, at, firstOffset: Math.max(batch.baseOffset, nextOffset) });
    open.set(batch.producerId, waiting);
    listener?.onBatch(batch);
  }

  function endTransaction(visit: VisitCommitted): void {
    if (!firstRecord(batch, record)) return;
    const kind = controlType(record);
    if (kind === "other") return;
    listener?.onEnd(batch, kind);
    const waiting = open.get(batch.producerId) ?? [];
    open.delete(batch.producerId);
    for (const { bytes, at, firstOffset } of waiting) {
      readBatch(bytes, at, batch);
      if (kind === "commit") visitAll(firstOffset, visit);
      else {
        aborted += batch.count;
        if (listener !== undefined) visitAll(firstOffset, listener.onAborted);
      }
    }
  }

  function visitAll(fromOffset: number, visit: VisitCommitted): void {
    let more = firstRecord(batch, record);
    while (more) {
      if (record.offset >= fromOffset) visit(record, batch);
      more = nextRecord(record);
    }
  }

  return {
    take,
    nextOffset: () => nextOffset,
    openSince: () => {
      const firsts = [...open.values()].map((waiting) => waiting[0]!.firstOffset);
      return firsts.length === 0 ? undefined : Math.min(...firsts);
    },
    aborted: () => aborted,
  };
}
