/** The records of a fetched stretch of a worker's topic, as keys and JSON values. Pure. */
import type { FetchedPartition } from "../../kafka/port.ts";
import type { CommittedFilter } from "../../kafka/read-committed.ts";
import type { Batch } from "../../kafka/wire/batch-reader.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  type RecordView,
} from "../../kafka/wire/record-cursor.ts";

export type TopicEntry = {
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly key: string;
  /** Parsed JSON; null for a tombstone. */
  readonly value: unknown;
  /** Written after the follower began: only such a record may ask for something to be done. */
  readonly live: boolean;
};

export type ReadEntry =
  | ({ readonly kind: "entry" } & Omit<TopicEntry, "live">)
  | { readonly kind: "unreadable"; readonly offset: number; readonly message: string };

/** A value that is larger was not written by a worker, and parsing it would hold up all others. */
const valueBytesMax = 512 * 1024;
const keyBytesMax = 1_024;

/**
 * Hands over every record from `from` on, and returns the offset wanted next. A batch whose records
 * cannot be read is one unreadable entry. Errors: `WireError` for bytes that are no batches at all.
 */
export function readEntries(
  fetched: FetchedPartition,
  from: number,
  filter: CommittedFilter,
  onEntry: (entry: ReadEntry) => void,
): number {
  const view = emptyRecord();
  return filter(fetched, from, (batch) => {
    for (const entry of entriesOf(batch, view)) if (entry.offset >= from) onEntry(entry);
  });
}

function* entriesOf(batch: Batch, view: RecordView): Generator<ReadEntry> {
  try {
    for (let more = firstRecord(batch, view); more; more = nextRecord(view)) yield read(view);
  } catch (error) {
    const message = `the rest of its batch: ${error instanceof Error ? error.message : error}`;
    yield { kind: "unreadable", offset: batch.lastOffset, message };
  }
}

function read(view: RecordView): ReadEntry {
  const { bytes, offset, timestamp, keyStart, keyEnd, valueStart, valueEnd } = view;
  const unreadable = (message: string) => ({ kind: "unreadable", offset, message }) as const;
  if (keyEnd < 0) return unreadable("a record without a key");
  if (keyEnd - keyStart > keyBytesMax) return unreadable(`a key of over ${keyBytesMax} bytes`);
  const key = bytes.toString("utf8", keyStart, keyEnd);
  if (valueEnd < 0) return { kind: "entry", offset, timestamp, key, value: null };
  if (valueEnd - valueStart > valueBytesMax) {
    return unreadable(`a value of over ${valueBytesMax} bytes`);
  }
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8", valueStart, valueEnd));
    return { kind: "entry", offset, timestamp, key, value };
  } catch {
    return unreadable("a value that is no JSON");
  }
}
