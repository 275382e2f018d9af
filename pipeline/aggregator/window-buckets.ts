/**
 * Windows of one start, in the order in which they were opened: closing and evicting walk one list and
 * never look at windows that are not concerned. The order is part of the output, so checkpoints keep it.
 */
import { noEntry } from "./growth.ts";
import type { WindowStore } from "./window-store.ts";

export type Bucket = {
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
  /** Lowest end of a bucket that is not closed; Infinity when there is none. */
  nextClose: number;
  /** Lowest end of any bucket. */
  nextEvict: number;
};

export function createBuckets(): Buckets {
  return {
    byStart: new Map(),
    nextClose: Number.POSITIVE_INFINITY,
    nextEvict: Number.POSITIVE_INFINITY,
  };
}

/** The bucket of `[start, end)`, made when there is none. */
export function bucketOf(buckets: Buckets, start: number, end: number): Bucket {
  const known = buckets.byStart.get(start);
  if (known !== undefined) return known;
  const bucket = { start, end, closed: false, head: noEntry, tail: noEntry };
  buckets.byStart.set(start, bucket);
  if (end < buckets.nextClose) buckets.nextClose = end;
  if (end < buckets.nextEvict) buckets.nextEvict = end;
  return bucket;
}

export function appendToBucket(bucket: Bucket, store: WindowStore, window: number): void {
  if (bucket.tail === noEntry) bucket.head = window;
  else store.nextInBucket[bucket.tail] = window;
  bucket.tail = window;
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
  for (const bucket of taken) buckets.byStart.delete(bucket.start);
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
