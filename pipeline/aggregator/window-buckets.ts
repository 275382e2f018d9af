/**
 * Windows of one start, in the order in which they were opened: closing and evicting walk one list and
 * never look at windows that are not concerned. The order is part of the output, so checkpoints keep it.
 */
import { noEntry } from "./growth.ts";
import { field, type WindowStore } from "./window-store.ts";

export type Bucket = {
  /** Its own among all that there are, used again when it is gone: what windows know it by. */
  readonly number: number;
  /** Epoch milliseconds, inclusive. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Whether its windows were emitted for the first time; what is folded since revises them. */
  closed: boolean;
  head: number;
  tail: number;
};

export type Buckets = {
  readonly byStart: Map<number, Bucket>;
  /** By number; where none is, a number to be used again. */
  readonly byNumber: (Bucket | undefined)[];
  readonly freeNumbers: number[];
  /**
   * The one that was asked for last: nearly every reading is of the same start as the one before
   * it.
   */
  last: Bucket | undefined;
  /** Lowest end of a bucket that is not closed; Infinity when there is none. */
  nextClose: number;
  /** Lowest end of any bucket. */
  nextEvict: number;
};

export function createBuckets(): Buckets {
  return {
    byStart: new Map(),
    byNumber: [],
    freeNumbers: [],
    last: undefined,
    nextClose: Number.POSITIVE_INFINITY,
    nextEvict: Number.POSITIVE_INFINITY,
  };
}

/** The bucket that begins at `start`, if there is one. */
export function findBucket(buckets: Buckets, start: number): Bucket | undefined {
  const { last } = buckets;
  if (last !== undefined && last.start === start) return last;
  const found = buckets.byStart.get(start);
  if (found !== undefined) buckets.last = found;
  return found;
}

/** The bucket of `[start, end)`, made when there is none. */
export function bucketOf(buckets: Buckets, start: number, end: number): Bucket {
  const known = findBucket(buckets, start);
  if (known !== undefined) return known;
  const number = buckets.freeNumbers.pop() ?? buckets.byNumber.length;
  const bucket = { number, start, end, closed: false, head: noEntry, tail: noEntry };
  buckets.byNumber[number] = bucket;
  buckets.byStart.set(start, bucket);
  if (end < buckets.nextClose) buckets.nextClose = end;
  if (end < buckets.nextEvict) buckets.nextEvict = end;
  return bucket;
}

export function appendToBucket(bucket: Bucket, store: WindowStore, window: number): void {
  if (bucket.tail === noEntry) bucket.head = window;
  else store.cells[bucket.tail * store.words + field.nextInBucket] = window;
  bucket.tail = window;
}

/** The window behind `window` in its bucket, or noEntry. */
export function nextInBucket(store: WindowStore, window: number): number {
  return store.cells[window * store.words + field.nextInBucket]!;
}

/** Buckets that are not closed and end at `end` or before, closed now; oldest first. */
export function closeBuckets(buckets: Buckets, end: number): readonly Bucket[] {
  const closing = [...buckets.byStart.values()]
    .filter((bucket) => !bucket.closed && bucket.end <= end)
    .sort((a, b) => a.start - b.start);
  for (const bucket of closing) bucket.closed = true;
  lookAhead(buckets);
  return closing;
}

/** Buckets that end at `end` or before, forgotten now; the caller frees their windows. */
export function takeBuckets(buckets: Buckets, end: number): readonly Bucket[] {
  const taken = [...buckets.byStart.values()].filter((bucket) => bucket.end <= end);
  for (const { start, number } of taken) {
    buckets.byStart.delete(start);
    buckets.byNumber[number] = undefined;
    buckets.freeNumbers.push(number);
  }
  buckets.last = undefined;
  lookAhead(buckets);
  return taken;
}

/** Brings the two look-ahead times up to date after buckets were closed, forgotten or restored. */
export function lookAhead(buckets: Buckets): void {
  buckets.nextClose = Number.POSITIVE_INFINITY;
  buckets.nextEvict = Number.POSITIVE_INFINITY;
  for (const { end, closed } of buckets.byStart.values()) {
    if (end < buckets.nextEvict) buckets.nextEvict = end;
    if (!closed && end < buckets.nextClose) buckets.nextClose = end;
  }
}
