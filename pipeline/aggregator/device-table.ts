/**
 * Devices with open windows, interned: the bytes of an id become a dense slot, by an own open-addressing
 * hash over bytes in typed arrays. Per slot: id, home, model, the device's part of the digest, and the list
 * of its open windows. A slot is given back with the device's last window. Hot path: one look-up a reading.
 */
import { deviceHi, deviceLo } from "./digest.ts";
import { grownBytes, grownInt32, noEntry, sameBytes } from "./growth.ts";

export type DeviceTable = {
  readonly digestKey: readonly [number, number];
  /** Id and home bytes of all slots, appended; compacted when more than half of it belongs to nobody. */
  text: Uint8Array<ArrayBuffer>;
  textUsed: number;
  textLost: number;
  idStart: Int32Array;
  idEnd: Int32Array;
  homeStart: Int32Array;
  homeEnd: Int32Array;
  /** Index into the contract's `models`. */
  model: Int32Array;
  hash: Int32Array;
  digestLo: Int32Array;
  digestHi: Int32Array;
  /** First of the device's open windows; in a free slot the next free slot. */
  firstWindow: Int32Array;
  /** Slot + 1 by hash; 0 is empty. Its length is a power of two, at least twice the slots. */
  index: Int32Array;
  free: number;
  used: number;
  size: number;
};

export function createDeviceTable(digestKey: readonly [number, number]): DeviceTable {
  const slots = 64;
  const column = (): Int32Array => new Int32Array(slots);
  return {
    digestKey,
    text: new Uint8Array(slots * 32),
    textUsed: 0,
    textLost: 0,
    idStart: column(),
    idEnd: column(),
    homeStart: column(),
    homeEnd: column(),
    model: column(),
    hash: column(),
    digestLo: column(),
    digestHi: column(),
    firstWindow: column(),
    index: new Int32Array(slots * 2),
    free: noEntry,
    used: 0,
    size: 0,
  };
}

/** Slot of the device with these id bytes, or noEntry. `hash` is any good hash of the id, always the same one. */
export function findDevice(
  table: DeviceTable,
  hash: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const mask = table.index.length - 1;
  for (let at = home(hash, mask); ; at = (at + 1) & mask) {
    const slot = table.index[at]! - 1;
    if (slot < 0) return noEntry;
    if (table.hash[slot] !== hash) continue;
    const { text, idStart, idEnd } = table;
    if (sameBytes(text, idStart[slot]!, idEnd[slot]!, bytes, start, end)) return slot;
  }
}

/** Interns a device that `findDevice` does not know; it has no home, model or window yet. */
export function addDevice(
  table: DeviceTable,
  hash: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let slot = table.free;
  if (slot !== noEntry) table.free = table.firstWindow[slot]!;
  else {
    slot = table.used++;
    if (slot === table.hash.length) growSlots(table);
  }
  table.size++;
  table.hash[slot] = hash;
  table.digestLo[slot] = deviceLo(bytes, start, end, table.digestKey[0]);
  table.digestHi[slot] = deviceHi(bytes, start, end, table.digestKey[1]);
  table.firstWindow[slot] = noEntry;
  // An id of length 0 first: making room for the real one may compact, which reads this slot.
  table.idStart[slot] = table.idEnd[slot] = 0;
  table.homeStart[slot] = table.homeEnd[slot] = 0;
  insert(table, slot);
  const at = keepText(table, bytes, start, end);
  table.idStart[slot] = at;
  table.idEnd[slot] = at + end - start;
  return slot;
}

export function sameHome(
  table: DeviceTable,
  slot: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  return sameBytes(table.text, table.homeStart[slot]!, table.homeEnd[slot]!, bytes, start, end);
}

/** The home as of the newest accepted reading. */
export function setHome(
  table: DeviceTable,
  slot: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  table.textLost += table.homeEnd[slot]! - table.homeStart[slot]!;
  table.homeStart[slot] = table.homeEnd[slot] = 0;
  const at = keepText(table, bytes, start, end);
  table.homeStart[slot] = at;
  table.homeEnd[slot] = at + end - start;
}

/** Gives the slot back. The index closes the gap by shifting back: no tombstones to sweep. */
export function removeDevice(table: DeviceTable, slot: number): void {
  const mask = table.index.length - 1;
  let gap = home(table.hash[slot]!, mask);
  while (table.index[gap] !== slot + 1) gap = (gap + 1) & mask;
  for (let at = (gap + 1) & mask; table.index[at] !== 0; at = (at + 1) & mask) {
    const wanted = home(table.hash[table.index[at]! - 1]!, mask);
    // An entry may move into the gap unless its own place lies after the gap.
    if (((at - wanted) & mask) < ((at - gap) & mask)) continue;
    table.index[gap] = table.index[at]!;
    gap = at;
  }
  table.index[gap] = 0;
  table.textLost += table.idEnd[slot]! - table.idStart[slot]!;
  table.textLost += table.homeEnd[slot]! - table.homeStart[slot]!;
  table.idStart[slot] = table.idEnd[slot] = table.homeStart[slot] = table.homeEnd[slot] = 0;
  table.firstWindow[slot] = table.free;
  table.free = slot;
  table.size--;
}

/** All keys of a partition agree in murmur2 modulo the partitions, so the low bits alone would cluster. */
function home(hash: number, mask: number): number {
  const mixed = Math.imul(hash, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & mask;
}

function insert(table: DeviceTable, slot: number): void {
  const mask = table.index.length - 1;
  let at = home(table.hash[slot]!, mask);
  while (table.index[at] !== 0) at = (at + 1) & mask;
  table.index[at] = slot + 1;
}

function growSlots(table: DeviceTable): void {
  const slots = table.hash.length * 2;
  table.idStart = grownInt32(table.idStart, slots);
  table.idEnd = grownInt32(table.idEnd, slots);
  table.homeStart = grownInt32(table.homeStart, slots);
  table.homeEnd = grownInt32(table.homeEnd, slots);
  table.model = grownInt32(table.model, slots);
  table.hash = grownInt32(table.hash, slots);
  table.digestLo = grownInt32(table.digestLo, slots);
  table.digestHi = grownInt32(table.digestHi, slots);
  table.firstWindow = grownInt32(table.firstWindow, slots);
  const old = table.index;
  table.index = new Int32Array(slots * 2);
  for (const entry of old) if (entry !== 0) insert(table, entry - 1);
}

/** Appends the bytes and says where they begin. */
function keepText(table: DeviceTable, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (table.textUsed + length > table.text.length) makeRoom(table, length);
  const at = table.textUsed;
  for (let i = 0; i < length; i++) table.text[at + i] = bytes[start + i]!;
  table.textUsed = at + length;
  return at;
}

function makeRoom(table: DeviceTable, length: number): void {
  const live = table.textUsed - table.textLost;
  if (live * 2 > table.textUsed) {
    table.text = grownBytes(table.text, Math.max(table.text.length * 2, table.textUsed + length));
    return;
  }
  const text = new Uint8Array(Math.max(table.text.length, (live + length) * 2));
  let used = 0;
  // Free slots have empty ranges, so all slots can be walked alike.
  for (let slot = 0; slot < table.used; slot++) {
    used = move(table.text, text, used, table.idStart, table.idEnd, slot);
    used = move(table.text, text, used, table.homeStart, table.homeEnd, slot);
  }
  table.text = text;
  table.textUsed = used;
  table.textLost = 0;
}

function move(
  from: Uint8Array,
  to: Uint8Array,
  at: number,
  starts: Int32Array,
  ends: Int32Array,
  slot: number,
): number {
  const length = ends[slot]! - starts[slot]!;
  to.set(from.subarray(starts[slot]!, ends[slot]!), at);
  starts[slot] = at;
  ends[slot] = at + length;
  return at + length;
}
