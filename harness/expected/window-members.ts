/**
 * Which readings each open window holds. Exact: a bit for every reading that the plan puts into the window, and plain
 * sets for all others. Hot path.
 */
import type { Plan } from "../../simulator/plan.ts";
import { type Column, type ColumnType, createColumn } from "../facts/table.ts";
import { isRefused } from "./span.ts";

/** What the bits of a window have no room for. */
type Others = {
  /** By boot: seqs that the plan does not put into the window. */
  readonly seqs: Map<number, Set<number>>;
  /** By boot: the first accepted seq, unless the whole window's first reading was of that boot. */
  readonly first: Map<number, number>;
  /** By boot: accepted seqs outside the span. */
  readonly spilled: Map<number, Set<number>>;
};

export type WindowMembers = {
  /** A window is new at this slot; `room`: slots there are now. */
  readonly open: (slot: number, device: number, windowStart: number, room: number) => void;
  readonly admit: (
    slot: number,
    device: number,
    boot: number,
    seq: number,
  ) => "duplicate" | "span" | "accepted";
  /** Of boot 0; -1 without one. */
  readonly firstSeq: (slot: number) => number;
  /** The slot's window is no more. */
  readonly close: (slot: number) => void;
};

export function createWindowMembers(plan: Plan, span: number): WindowMembers {
  const { window, hot } = plan.options;
  const { sizeMs } = window;
  const everyMs = hot?.everyMs ?? plan.options.everyMs;
  const words = Math.ceil((Math.ceil(sizeMs / everyMs) + 1) / 32);
  /** By slot: the first index that the plan puts into the window, how many, and a bit for each. */
  let firstIndex = createColumn("i32", 0);
  let indexes = createColumn("i32", 0);
  let bits = createColumn("u32", 0);
  /** By slot: boot and seq of the first accepted reading; there is none while `begun` is 0. */
  let begun = createColumn("u8", 0);
  let firstBoot = createColumn("i32", 0);
  let firstSeq = createColumn("i32", 0);
  const others = new Map<number, Others>();

  function open(slot: number, device: number, windowStart: number, room: number): void {
    if (slot >= firstIndex.length) grow(room);
    begun[slot] = 0;
    indexes[slot] = 0;
    if (device >= plan.fleetDevices) return;
    const { first, end } = plan.indexesIn(device, windowStart, windowStart + sizeMs);
    firstIndex[slot] = first;
    // A hot device sends more than there are bits for: the rest goes to the sets.
    indexes[slot] = Math.min(end - first, words * 32);
    bits.fill(0, slot * words, (slot + 1) * words);
  }

  function grow(room: number): void {
    firstIndex = grown("i32", firstIndex, room);
    indexes = grown("i32", indexes, room);
    bits = grown("u32", bits, room * words);
    begun = grown("u8", begun, room);
    firstBoot = grown("i32", firstBoot, room);
    firstSeq = grown("i32", firstSeq, room);
  }

  function admit(
    slot: number,
    device: number,
    boot: number,
    seq: number,
  ): "duplicate" | "span" | "accepted" {
    const nth = indexes[slot] === 0 ? -1 : plan.indexOf(device, boot, seq) - firstIndex[slot]!;
    if (nth < 0 || nth >= indexes[slot]!) return admitOther(slot, boot, seq);
    const word = slot * words + (nth >>> 5);
    const bit = 1 << (nth & 31);
    if ((bits[word]! & bit) !== 0) return "duplicate";
    if (isTooFar(slot, boot, seq)) return "span";
    bits[word]! |= bit;
    return "accepted";
  }

  function admitOther(slot: number, boot: number, seq: number): "duplicate" | "span" | "accepted" {
    const seqs = setOf(othersOf(slot).seqs, boot);
    if (seqs.has(seq)) return "duplicate";
    if (isTooFar(slot, boot, seq)) return "span";
    seqs.add(seq);
    return "accepted";
  }

  /** By the span rule. The first reading of a boot fixes its span. */
  function isTooFar(slot: number, boot: number, seq: number): boolean {
    const first = firstOf(slot, boot);
    if (first === undefined) {
      keepFirst(slot, boot, seq);
      return false;
    }
    if (Math.abs(seq - first) < span / 2) return false;
    return isRefused(span, first, setOf(othersOf(slot).spilled, boot), seq);
  }

  function firstOf(slot: number, boot: number): number | undefined {
    if (begun[slot] === 0) return undefined;
    return firstBoot[slot] === boot ? firstSeq[slot] : others.get(slot)?.first.get(boot);
  }

  function keepFirst(slot: number, boot: number, seq: number): void {
    if (begun[slot] !== 0) {
      othersOf(slot).first.set(boot, seq);
      return;
    }
    begun[slot] = 1;
    firstBoot[slot] = boot;
    firstSeq[slot] = seq;
  }

  function othersOf(slot: number): Others {
    const known = others.get(slot);
    if (known !== undefined) return known;
    const none: Others = { seqs: new Map(), first: new Map(), spilled: new Map() };
    others.set(slot, none);
    return none;
  }

  return {
    open,
    admit,
    firstSeq: (slot) => firstOf(slot, 0) ?? -1,
    close: (slot) => {
      if (others.size > 0) others.delete(slot);
    },
  };
}

function grown<T extends ColumnType>(type: T, from: Column<T>, length: number): Column<T> {
  const to = createColumn(type, length);
  to.set(from);
  return to;
}

function setOf(sets: Map<number, Set<number>>, boot: number): Set<number> {
  const known = sets.get(boot);
  if (known !== undefined) return known;
  const none = new Set<number>();
  sets.set(boot, none);
  return none;
}
