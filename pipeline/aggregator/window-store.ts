/**
 * The open windows of one partition as columns of typed arrays: an entry is a number, a place that is given
 * back is used again. Hot path: folding a reading touches these columns and allocates nothing.
 */
import { grownBytes, grownFloat64, grownInt32, noEntry } from "./growth.ts";

/** What emission still owes a window. */
export const windowState = {
  /** Not emitted yet: the first emission takes all of its bucket. */
  open: 0,
  /** Emitted, and nothing was folded since. */
  settled: 1,
  /** Its bucket was emitted, but it holds readings that were not. */
  due: 2,
} as const;

export type WindowStore = {
  /** Slot in the device table. */
  device: Int32Array;
  /** Epoch milliseconds. */
  start: Float64Array;
  /** Distinct readings; equal to the revision. */
  count: Int32Array;
  /** Hundredths of a degree, as are `max` and `sum`. */
  min: Int32Array;
  max: Int32Array;
  /** Exact: 4 million readings of the most extreme int stay below 2^53. */
  sum: Float64Array;
  digestHi: Int32Array;
  digestLo: Int32Array;
  state: Uint8Array;
  /** First entry of `SeenSeqs`. */
  firstBoot: Int32Array;
  nextOfDevice: Int32Array;
  /** In a free place: the next free one. */
  nextInBucket: Int32Array;
  free: number;
  used: number;
  size: number;
};

export function createWindowStore(): WindowStore {
  const places = 64;
  const column = (): Int32Array => new Int32Array(places);
  return {
    device: column(),
    start: new Float64Array(places),
    count: column(),
    min: column(),
    max: column(),
    sum: new Float64Array(places),
    digestHi: column(),
    digestLo: column(),
    state: new Uint8Array(places),
    firstBoot: column(),
    nextOfDevice: column(),
    nextInBucket: column(),
    free: noEntry,
    used: 0,
    size: 0,
  };
}

/** An empty window before `nextOfDevice` in its device's list, in no bucket yet. */
export function addWindow(
  store: WindowStore,
  device: number,
  start: number,
  nextOfDevice: number,
): number {
  let window = store.free;
  if (window !== noEntry) store.free = store.nextInBucket[window]!;
  else {
    window = store.used++;
    if (window === store.device.length) grow(store);
  }
  store.size++;
  store.device[window] = device;
  store.start[window] = start;
  store.count[window] = 0;
  store.min[window] = 0x7fffffff;
  store.max[window] = -0x80000000;
  store.sum[window] = 0;
  store.digestHi[window] = 0;
  store.digestLo[window] = 0;
  store.state[window] = windowState.open;
  store.firstBoot[window] = noEntry;
  store.nextOfDevice[window] = nextOfDevice;
  store.nextInBucket[window] = noEntry;
  return window;
}

/** Adds one distinct reading. `hi` and `lo` are its words of the digest. */
export function addReading(
  store: WindowStore,
  window: number,
  temperature: number,
  hi: number,
  lo: number,
): void {
  store.count[window] = store.count[window]! + 1;
  if (temperature < store.min[window]!) store.min[window] = temperature;
  if (temperature > store.max[window]!) store.max[window] = temperature;
  store.sum[window] = store.sum[window]! + temperature;
  // Int32Array wraps modulo 2^32, which is what the digest asks for.
  store.digestHi[window] = store.digestHi[window]! + hi;
  store.digestLo[window] = store.digestLo[window]! + lo;
}

/** Gives the place back; the caller has taken it out of its lists. */
export function freeWindow(store: WindowStore, window: number): void {
  store.nextInBucket[window] = store.free;
  store.free = window;
  store.size--;
}

function grow(store: WindowStore): void {
  const places = store.device.length * 2;
  store.device = grownInt32(store.device, places);
  store.start = grownFloat64(store.start, places);
  store.count = grownInt32(store.count, places);
  store.min = grownInt32(store.min, places);
  store.max = grownInt32(store.max, places);
  store.sum = grownFloat64(store.sum, places);
  store.digestHi = grownInt32(store.digestHi, places);
  store.digestLo = grownInt32(store.digestLo, places);
  store.state = grownBytes(store.state, places);
  store.firstBoot = grownInt32(store.firstBoot, places);
  store.nextOfDevice = grownInt32(store.nextOfDevice, places);
  store.nextInBucket = grownInt32(store.nextInBucket, places);
}
