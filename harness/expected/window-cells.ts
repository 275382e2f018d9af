/**
 * What every open window holds so far: `cellBytes` that lie together, at the window's slot, so that a reading touches one
 * or two cache lines of them. Hot path. Measured: as columns of a table, each field an array of its own, the whole audit
 * costs 4 % more, and a window 8 bytes.
 */
import type { Table } from "../facts/table.ts";
import type { windowSpec } from "../facts/window-rows.ts";

export type WindowCells = {
  /** A slot that no window had yet. */
  readonly add: () => number;
  /** Slots that were added, and for how many there is room. */
  readonly length: () => number;
  readonly capacity: () => number;
  /** The slot is a window's now, and holds no reading. */
  readonly begin: (slot: number, device: number, windowStart: number) => void;
  /** Takes in a reading. `hi`, `lo`: what it adds to the digest. */
  readonly fold: (slot: number, temperature: number, hi: number, lo: number) => void;
  readonly countOf: (slot: number) => number;
  /** Epoch ms. */
  readonly windowOf: (slot: number) => number;
  /** The window is due with the readings that it has, unless it was before. */
  readonly setDue: (slot: number) => void;
  /** Fills the first row of `into`, but for its partition and `firstSeq`. */
  readonly copy: (slot: number, into: Table<typeof windowSpec>["columns"]) => void;
};

/** 32-bit words of a slot; its first two pairs are the doubles `sum` and `window`. */
const width = 12;
export const cellBytes = 4 * width;
const [count, min, max, digestHi, digestLo, firstDue, device] = [4, 5, 6, 7, 8, 9, 10] as const;
/** Doubled while that is little; past a million slots half of it would be room for nobody. */
const doubledUpTo = 1 << 20;

/** `room`: slots to begin with. */
export function createWindowCells(room: number): WindowCells {
  let capacity = room;
  let words = new Int32Array(capacity * width);
  let doubles = new Float64Array(words.buffer);
  let length = 0;

  function add(): number {
    if (length === capacity) grow();
    return length++;
  }

  function grow(): void {
    capacity = Math.ceil(capacity * (capacity < doubledUpTo ? 2 : 1.4));
    const grown = new Int32Array(capacity * width);
    grown.set(words);
    words = grown;
    doubles = new Float64Array(words.buffer);
  }

  function begin(slot: number, ofDevice: number, windowStart: number): void {
    const at = slot * width;
    words.fill(0, at, at + width);
    words[at + device] = ofDevice;
    doubles[(at >> 1) + 1] = windowStart;
  }

  function fold(slot: number, temperature: number, hi: number, lo: number): void {
    const at = slot * width;
    const before = words[at + count]!;
    if (before === 0 || temperature < words[at + min]!) words[at + min] = temperature;
    if (before === 0 || temperature > words[at + max]!) words[at + max] = temperature;
    words[at + count] = before + 1;
    words[at + digestHi] = (words[at + digestHi]! + hi) | 0;
    words[at + digestLo] = (words[at + digestLo]! + lo) | 0;
    doubles[at >> 1]! += temperature;
  }

  function setDue(slot: number): void {
    const at = slot * width;
    if (words[at + firstDue] === 0) words[at + firstDue] = words[at + count]!;
  }

  function copy(slot: number, into: Table<typeof windowSpec>["columns"]): void {
    const at = slot * width;
    into.device[0] = words[at + device]!;
    into.window[0] = windowOf(slot);
    into.count[0] = words[at + count]!;
    into.min[0] = words[at + min]!;
    into.max[0] = words[at + max]!;
    into.sum[0] = doubles[at >> 1]!;
    into.digestHi[0] = words[at + digestHi]!;
    into.digestLo[0] = words[at + digestLo]!;
    into.firstDue[0] = words[at + firstDue]!;
  }

  function windowOf(slot: number): number {
    return doubles[slot * (width / 2) + 1]!;
  }

  return {
    add,
    length: () => length,
    capacity: () => capacity,
    begin,
    fold,
    countOf: (slot) => words[slot * width + count]!,
    windowOf,
    setDue,
    copy,
  };
}
