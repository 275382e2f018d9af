/**
 * Hides what aborted transactions left in the log, by batch. Pure apart from its own memory. Hot path.
 * Source: Kafka's fetch protocol: the answer lists the aborted transactions that touch its stretch; a batch of
 * a listed producer id is hidden from the transaction's first offset on until that producer's abort marker.
 */
import type { AbortedTransaction, FetchedPartition } from "./port.ts";
import { type Batch, emptyBatch, readBatch } from "./wire/batch-reader.ts";
import { controlType, emptyRecord, firstRecord } from "./wire/record-cursor.ts";

/**
 * Hands over the committed data batches of a fetch, in order, and returns the next offset wanted. The first
 * may begin before `from`: its earlier records are not new. The batch is filled again for the next call.
 * Errors: `WireError` of code `corrupt` or `unsupported`; then nothing of the memory is to be trusted.
 */
export type CommittedFilter = (
  fetched: FetchedPartition,
  from: number,
  onBatch: (batch: Batch) => void,
) => number;

/**
 * One per partition and run of consecutive fetches: after a seek, make a new one. It remembers the aborted
 * transactions whose marker a later fetch brings. Uncommitted fetches list none: only markers are hidden.
 */
export function createCommittedFilter(): CommittedFilter {
  /** Producer ids within an aborted transaction at the current offset. */
  const aborting = new Set<number>();
  const batch = emptyBatch();
  const marker = emptyRecord();

  return (fetched, from, onBatch) => {
    const aborted = fetched.aborted.length > 1 ? byFirstOffset(fetched.aborted) : fetched.aborted;
    let begun = 0;
    let next = from;
    for (let at = 0; readBatch(fetched.batches, at, batch); at = batch.end) {
      while (begun < aborted.length && aborted[begun]!.firstOffset <= batch.lastOffset) {
        aborting.add(aborted[begun]!.producerId);
        begun += 1;
      }
      // Batches before `from` are old, but their markers still end transactions that this fetch listed again.
      if (batch.control) {
        const ends = firstRecord(batch, marker) && controlType(marker) === "abort";
        if (ends) aborting.delete(batch.producerId);
      } else if (
        batch.lastOffset >= from &&
        !(batch.transactional && aborting.has(batch.producerId))
      ) {
        onBatch(batch);
      }
      next = Math.max(next, batch.lastOffset + 1);
    }
    return next;
  };
}

function byFirstOffset(aborted: readonly AbortedTransaction[]): readonly AbortedTransaction[] {
  return aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
}
