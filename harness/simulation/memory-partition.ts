/**
 * One partition's log in memory: whole batches as bytes, what is still undecided in it, what was aborted,
 * and what retention has cut. One broker, so the high watermark is the end of the log.
 */
import {
  type AbortedTransaction,
  type FetchedPartition,
  type Isolation,
  KafkaError,
} from "../../pipeline/kafka/port.ts";
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";
import {
  endMarker,
  placeBatch,
  type StoredBatch,
  type TimestampType,
  type TransactionOutcome,
} from "./memory-batch.ts";
import { createProducerSequences } from "./memory-sequences.ts";

type ReadLimits = {
  readonly isolation: Isolation;
  readonly maxBytes: number;
  /** The first batch is answered even when it alone is over `maxBytes`, so that a reader never starves. */
  readonly atLeastOne: boolean;
};

export type MemoryPartition = {
  readonly startOffset: () => number;
  /** High watermark, or the last stable offset: where the first undecided transaction begins. */
  readonly endOffset: (isolation: Isolation) => number;
  /** Takes a checked batch. Returns its base offset; a duplicate has its old one. Errors: `fenced`, `refused`. */
  readonly append: (batch: Batch) => number;
  readonly endTransaction: (producerId: number, epoch: number, outcome: TransactionOutcome) => void;
  /** Errors: `offset-out-of-range`. */
  readonly read: (from: number, limits: ReadLimits) => FetchedPartition;
  /** What retention does: forgets everything before `offset`. */
  readonly cut: (offset: number) => void;
};

/** Most polls find nothing. */
const nothing = Buffer.alloc(0);

type Aborted = AbortedTransaction & { readonly markerOffset: number };

export function createMemoryPartition(options: {
  readonly topic: string;
  readonly partition: number;
  readonly timestamps: TimestampType;
  readonly now: () => number;
}): MemoryPartition {
  const { topic, partition, timestamps, now } = options;
  let batches: StoredBatch[] = [];
  let logStartOffset = 0;
  let highWatermark = 0;
  /** First offset of each undecided transaction, by producer id. */
  const undecided = new Map<number, number>();
  const aborted: Aborted[] = [];
  const sequences = createProducerSequences();

  function append(batch: Batch): number {
    const duplicateOf = sequences.check(batch);
    if (duplicateOf !== undefined) return duplicateOf;
    const appendedAtMs = timestamps === "append" ? now() : undefined;
    const stored = store(placeBatch(batch, highWatermark, appendedAtMs));
    sequences.note(batch, stored.baseOffset);
    if (batch.transactional && !undecided.has(batch.producerId)) {
      undecided.set(batch.producerId, stored.baseOffset);
    }
    return stored.baseOffset;
  }

  function store(stored: StoredBatch): StoredBatch {
    batches.push(stored);
    highWatermark = stored.lastOffset + 1;
    return stored;
  }

  function endTransaction(producerId: number, epoch: number, outcome: TransactionOutcome): void {
    const marker = store(placeBatch(endMarker(producerId, epoch, outcome), highWatermark, now()));
    const firstOffset = undecided.get(producerId);
    undecided.delete(producerId);
    sequences.noteMarker(producerId, epoch);
    if (outcome === "abort" && firstOffset !== undefined) {
      aborted.push({ producerId, firstOffset, markerOffset: marker.baseOffset });
    }
  }

  function endOffset(isolation: Isolation): number {
    if (isolation === "read_uncommitted" || undecided.size === 0) return highWatermark;
    return Math.min(highWatermark, ...undecided.values());
  }

  function read(from: number, limits: ReadLimits): FetchedPartition {
    if (from < logStartOffset || from > highWatermark) {
      const message = `${topic}-${partition} holds [${logStartOffset}, ${highWatermark}), not ${from}`;
      throw new KafkaError("offset-out-of-range", message, { definite: true });
    }
    const lastStableOffset = endOffset("read_committed");
    const answered = stretch(from, endOffset(limits.isolation), limits);
    const until = (answered.at(-1)?.lastOffset ?? from - 1) + 1;
    return {
      topic,
      partition,
      batches: answered.length === 0 ? nothing : Buffer.concat(answered.map(({ bytes }) => bytes)),
      highWatermark,
      lastStableOffset,
      logStartOffset,
      aborted: limits.isolation === "read_committed" ? abortedWithin(from, until) : [],
    };
  }

  /** The batches of [from, bound) that fit. Transactions begin and end between batches, so `bound` cuts none. */
  function stretch(from: number, bound: number, limits: ReadLimits): StoredBatch[] {
    const answered: StoredBatch[] = [];
    let room = limits.maxBytes;
    for (let index = indexOf(batches, from); index < batches.length; index += 1) {
      const batch = batches[index]!;
      const free = limits.atLeastOne && answered.length === 0;
      if (batch.baseOffset >= bound || (batch.bytes.length > room && !free)) break;
      answered.push(batch);
      room -= batch.bytes.length;
    }
    return answered;
  }

  function abortedWithin(from: number, until: number): AbortedTransaction[] {
    return aborted
      .filter(({ firstOffset, markerOffset }) => markerOffset >= from && firstOffset < until)
      .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
  }

  function cut(offset: number): void {
    if (offset > highWatermark)
      throw new RangeError(`nothing to cut: ${offset} > ${highWatermark}`);
    logStartOffset = Math.max(logStartOffset, offset);
    batches = batches.slice(indexOf(batches, logStartOffset));
  }

  return { startOffset: () => logStartOffset, endOffset, append, endTransaction, read, cut };
}

/** The first batch that reaches `offset`. O(log n). */
function indexOf(batches: readonly StoredBatch[], offset: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (batches[middle]!.lastOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
