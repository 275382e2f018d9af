/**
 * How the rows of a run are divided so that it can be judged a bucket at a time: memory is then that of the largest
 * bucket, however long the run. All that is held against one another (a window of the ledger, its revisions, the records
 * of the topic, the rows of the stores) is of one device, and lies in that device's bucket.
 */
import type { Plan } from "../../simulator/plan.ts";

export type Buckets = {
  readonly many: number;
  /** Of a device's index in the plan. All that are none of the plan share the first bucket, with their names. */
  readonly of: (device: number) => number;
  /** Of a rejected reading, by its raw offset: what it is held against has the same one. */
  readonly ofOffset: (offset: number) => number;
};

/** Which of how many buckets some facts are: its devices are `nth`, `nth + many`, and so on. */
export type BucketPlace = { readonly nth: number; readonly many: number };

/** In each store, in the topic and in the ledger about 300 bytes a window: 100 MB for a bucket with its indices. */
export const windowsPerBucket = 1 << 18;
/** A thousand million windows; each bucket has a block of rows in memory while its file is written. */
const bucketsMost = 4096;

/** As many as the plan's windows need. */
export function bucketsOf({ options, fleetDevices, allDevices }: Plan): Buckets {
  const { startAt, loadMs, window } = options;
  const windows = fleetDevices * Math.ceil((loadMs + (startAt % window.sizeMs)) / window.sizeMs);
  const many = Math.min(bucketsMost, fleetDevices, Math.ceil(windows / windowsPerBucket));
  return createBuckets(Math.max(1, many), allDevices);
}

/** `devices`: of the plan, the closing ones included. */
export function createBuckets(many: number, devices: number): Buckets {
  return {
    many,
    of: (device) => (device >= 0 && device < devices ? device % many : 0),
    ofOffset: (offset) => (Number.isSafeInteger(offset) && offset >= 0 ? offset % many : 0),
  };
}

/** For what is small, or made in memory. */
export const oneBucket: Buckets = createBuckets(1, 0);
