/**
 * The open windows of one partition as rows of one typed array: a window is a number, its row begins
 * at `window * words`; a place that is given back is used again. Hot path: folding a reading touches
 * one row, a cache line where the bitmap has 64 bits, and allocates nothing.
 * Measured with ten million devices, a window each, in eight partitions: 138 bytes a device and
 * window, where a column a field and doubling columns took 245. It made the fold hardly faster: in
 * the order of rounds columns are read ahead of time, too. The index was what cost (device-table.ts).
 */
import { grownInt32, grownPlaces, noEntry } from "./growth.ts";

/** What emission still owes a window. */
export const windowState = {
  /** Not emitted yet: the first emission takes all of its bucket. */
  open: 0,
  /** Emitted, and nothing was folded since. */
  settled: 1,
  /** Its bucket was emitted, but it holds readings that were not. */
  due: 2,
} as const;

/** Where the fields of a row lie. Temperatures are hundredths of a degree. */
export const field = {
  /** Slot in the device table. */
  device: 0,
  /** Number of its bucket × 4 + `windowState`. */
  bucket: 1,
  /** Two words, a double: exact, 4 million readings of the most extreme int stay below 2^53. */
  sum: 2,
  /** Distinct readings; equal to the revision. */
  count: 4,
  min: 5,
  max: 6,
  digestHi: 7,
  digestLo: 8,
  nextOfDevice: 9,
  /** In a free place: the next free one. */
  nextInBucket: 10,
  /**
   * Its first boot, and the first sequence number of that one's bitmap; negative when a boot began
   * near 0.
   */
  boot: 11,
  base: 12,
  /**
   * First entry of `SeenSeqs`: other boots, and what the bitmap has no place for. Nearly no window
   * has one.
   */
  more: 13,
  /** The bitmap, to the end of the row. */
  bits: 14,
} as const;

export type WindowStore = {
  /** Of a row: even, so that its double lies where a double must. */
  readonly words: number;
  cells: Int32Array;
  /** The same memory. */
  doubles: Float64Array;
  free: number;
  used: number;
  size: number;
};

/** `span`: sequence numbers of a bitmap, a power of two from 64 on. */
export function createWindowStore(span: number): WindowStore {
  const words = field.bits + span / 32;
  const cells = new Int32Array(64 * words);
  const doubles = new Float64Array(cells.buffer);
  return { words, cells, doubles, free: noEntry, used: 0, size: 0 };
}

/**
 * An empty window before `nextOfDevice` in its device's list, of this bucket, not yet in the
 * bucket's list.
 */
export function addWindow(
  store: WindowStore,
  device: number,
  bucket: number,
  nextOfDevice: number,
): number {
  let window = store.free;
  if (window !== noEntry) store.free = store.cells[window * store.words + field.nextInBucket]!;
  else {
    window = store.used++;
    if ((window + 1) * store.words > store.cells.length) grow(store);
  }
  store.size++;
  const { cells, doubles, words } = store;
  const row = window * words;
  cells[row + field.device] = device;
  cells[row + field.bucket] = bucket * 4;
  doubles[(row + field.sum) / 2] = 0;
  cells[row + field.count] = 0;
  cells[row + field.min] = 0x7fffffff;
  cells[row + field.max] = -0x80000000;
  cells[row + field.digestHi] = 0;
  cells[row + field.digestLo] = 0;
  cells[row + field.nextOfDevice] = nextOfDevice;
  cells[row + field.nextInBucket] = noEntry;
  cells[row + field.more] = noEntry;
  for (let word = field.bits; word < words; word++) cells[row + word] = 0;
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
  const { cells, doubles } = store;
  const row = window * store.words;
  const sum = (row + field.sum) >>> 1;
  doubles[sum] = doubles[sum]! + temperature;
  cells[row + field.count] = cells[row + field.count]! + 1;
  if (temperature < cells[row + field.min]!) cells[row + field.min] = temperature;
  if (temperature > cells[row + field.max]!) cells[row + field.max] = temperature;
  // Int32Array wraps modulo 2^32, which is what the digest asks for.
  cells[row + field.digestHi] = cells[row + field.digestHi]! + hi;
  cells[row + field.digestLo] = cells[row + field.digestLo]! + lo;
}

export function stateOf(store: WindowStore, window: number): number {
  return store.cells[window * store.words + field.bucket]! & 3;
}

export function setState(store: WindowStore, window: number, state: number): void {
  const at = window * store.words + field.bucket;
  store.cells[at] = (store.cells[at]! & ~3) | state;
}

export function sumOf(store: WindowStore, window: number): number {
  return store.doubles[(window * store.words + field.sum) / 2]!;
}

/** Gives the place back; the caller has taken it out of its lists. */
export function freeWindow(store: WindowStore, window: number): void {
  store.cells[window * store.words + field.nextInBucket] = store.free;
  store.free = window;
  store.size--;
}

function grow(store: WindowStore): void {
  const places = grownPlaces(store.cells.length / store.words);
  store.cells = grownInt32(store.cells, places * store.words);
  store.doubles = new Float64Array(store.cells.buffer);
}
