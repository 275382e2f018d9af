/**
 * Which sequence numbers of an open (device, window, boot) were folded already: a bitmap over
 * [first − span/2, first + span/2) and up to 16 exact numbers outside it, so that one wild seq allocates
 * nothing. Entries of one window form a list by `next`, one entry a boot. Columns, not objects: hot path.
 * Source: contract.md, "Span".
 */
import { grownInt32, noEntry } from "./growth.ts";

export type SeqVerdict = "new" | "duplicate" | "span";

/** Exact numbers outside the bitmap that one (device, window, boot) may have. */
const spillPlaces = 16;

export type SeenSeqs = {
  readonly span: number;
  /** Words of a bitmap. */
  readonly words: number;
  boot: Int32Array;
  /** First seq of the bitmap; negative when a boot began near 0. */
  base: Int32Array;
  next: Int32Array;
  bits: Int32Array;
  /** Block of `spills`, or noEntry: nearly no entry has one. */
  spill: Int32Array;
  free: number;
  /** Entries ever used; beyond them the columns hold nothing. */
  used: number;
  /** Blocks of 1 + 16 words: how many are in use, then the numbers. Free blocks are chained by their first word. */
  spills: Int32Array;
  spillsUsed: number;
  freeSpill: number;
};

export function createSeenSeqs(span: number): SeenSeqs {
  const capacity = 64;
  const words = span / 32;
  return {
    span,
    words,
    boot: new Int32Array(capacity),
    base: new Int32Array(capacity),
    next: new Int32Array(capacity),
    bits: new Int32Array(capacity * words),
    spill: new Int32Array(capacity),
    free: noEntry,
    used: 0,
    spills: new Int32Array(0),
    spillsUsed: 0,
    freeSpill: noEntry,
  };
}

/** The entry of `boot` in the list that begins at `head`, or noEntry. */
export function findBoot(seen: SeenSeqs, head: number, boot: number): number {
  let entry = head;
  while (entry !== noEntry && seen.boot[entry] !== boot) entry = seen.next[entry]!;
  return entry;
}

/** A new entry before `head`, whose bitmap lies around `seq`; the seq itself is not marked yet. */
export function addBoot(seen: SeenSeqs, head: number, boot: number, seq: number): number {
  return addBootAt(seen, head, boot, seq - seen.span / 2);
}

/** The same for an entry that comes from a checkpoint and knows its base. */
export function addBootAt(seen: SeenSeqs, head: number, boot: number, base: number): number {
  let entry = seen.free;
  if (entry !== noEntry) seen.free = seen.next[entry]!;
  else {
    entry = seen.used++;
    if (entry === seen.boot.length) grow(seen);
  }
  seen.boot[entry] = boot;
  seen.base[entry] = base;
  seen.next[entry] = head;
  seen.spill[entry] = noEntry;
  seen.bits.fill(0, entry * seen.words, (entry + 1) * seen.words);
  return entry;
}

/** Marks `seq`, and says whether it was there before or finds no place any more. */
export function mark(seen: SeenSeqs, entry: number, seq: number): SeqVerdict {
  const bit = seq - seen.base[entry]!;
  if (bit < 0 || bit >= seen.span) return markSpill(seen, entry, seq);
  const word = entry * seen.words + (bit >>> 5);
  const mask = 1 << (bit & 31);
  const before = seen.bits[word]!;
  if ((before & mask) !== 0) return "duplicate";
  seen.bits[word] = before | mask;
  return "new";
}

/** Gives back all entries of the list at `head`. */
export function freeBoots(seen: SeenSeqs, head: number): void {
  let entry = head;
  while (entry !== noEntry) {
    const next = seen.next[entry]!;
    const block = seen.spill[entry]!;
    if (block !== noEntry) {
      seen.spills[block] = seen.freeSpill;
      seen.freeSpill = block;
    }
    seen.next[entry] = seen.free;
    seen.free = entry;
    entry = next;
  }
}

function markSpill(seen: SeenSeqs, entry: number, seq: number): SeqVerdict {
  let block = seen.spill[entry]!;
  if (block === noEntry) {
    block = newSpill(seen);
    seen.spill[entry] = block;
  }
  const count = seen.spills[block]!;
  for (let i = 1; i <= count; i++) if (seen.spills[block + i] === seq) return "duplicate";
  if (count === spillPlaces) return "span";
  seen.spills[block + 1 + count] = seq;
  seen.spills[block] = count + 1;
  return "new";
}

function newSpill(seen: SeenSeqs): number {
  let block = seen.freeSpill;
  if (block !== noEntry) seen.freeSpill = seen.spills[block]!;
  else {
    block = seen.spillsUsed;
    seen.spillsUsed += 1 + spillPlaces;
    if (seen.spillsUsed > seen.spills.length) {
      seen.spills = grownInt32(seen.spills, Math.max(seen.spillsUsed, seen.spills.length * 2));
    }
  }
  seen.spills[block] = 0;
  return block;
}

function grow(seen: SeenSeqs): void {
  const capacity = seen.boot.length * 2;
  seen.boot = grownInt32(seen.boot, capacity);
  seen.base = grownInt32(seen.base, capacity);
  seen.next = grownInt32(seen.next, capacity);
  seen.spill = grownInt32(seen.spill, capacity);
  seen.bits = grownInt32(seen.bits, capacity * seen.words);
}
