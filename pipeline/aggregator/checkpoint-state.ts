/**
 * A partition's whole state as bytes: stream time, open windows in the order of their buckets, devices as
 * windows meet them, duplicate bitmaps. Canonical: equal states give equal bytes, whatever places of the
 * typed arrays they lie in. Only settled states are written, so no window is due.
 */
import { murmur2 } from "../kafka/wire/murmur2.ts";
import { AggregatorError } from "./aggregator-error.ts";
import {
  type ByteSink,
  type ByteSource,
  createByteSink,
  putBytes,
  putDouble,
  putInt,
  takeBytes,
  takeDouble,
  takeInt,
  written,
} from "./byte-cursor.ts";
import { addBootAt, mark, type SeenSeqs } from "./dedupe.ts";
import { deviceField, rowOf } from "./device-rows.ts";
import { addDevice, setHome } from "./device-table.ts";
import { openWindow, type WindowFold } from "./fold.ts";
import { noEntry } from "./growth.ts";
import { restoreLeader } from "./stream-time.ts";
import { bucketOf, lookAhead, nextInBucket } from "./window-buckets.ts";
import { beginSeen, markInWindow } from "./window-seen.ts";
import { field, setState, stateOf, sumOf, windowState } from "./window-store.ts";

/** A view that is valid for as long as the caller likes: every call writes into bytes of its own. */
export function writeState(state: WindowFold): Buffer {
  const sink = createByteSink();
  writeStreamTime(sink, state);
  const buckets = [...state.buckets.byStart.values()].sort((a, b) => a.start - b.start);
  const deviceRefs = new Map<number, number>();
  putInt(sink, buckets.length);
  for (const bucket of buckets) {
    putDouble(sink, bucket.start);
    putInt(sink, bucket.closed ? 1 : 0);
    const { cells, words } = state.windows;
    for (let w = bucket.head; w !== noEntry; w = nextInBucket(state.windows, w)) {
      putInt(sink, 1);
      writeDevice(sink, state, deviceRefs, cells[w * words + field.device]!);
      writeWindow(sink, state, w);
    }
    putInt(sink, 0);
  }
  return written(sink);
}

/** Fills a fresh `state`. Errors: `AggregatorError` of code `checkpoint` for bytes that are no state. */
export function readState(bytes: Buffer, state: WindowFold): void {
  const source: ByteSource = { bytes, at: 0 };
  readStreamTime(source, state);
  const deviceSlots: number[] = [];
  for (let left = takeInt(source); left > 0; left--) {
    const start = takeDouble(source);
    const bucket = bucketOf(state.buckets, start, start + state.config.size);
    bucket.closed = takeInt(source) === 1;
    while (takeInt(source) === 1) {
      const device = readDevice(source, state, deviceSlots);
      readWindow(source, state, openWindow(state, device, start));
    }
  }
  lookAhead(state.buckets);
  if (source.at !== bytes.length) {
    throw new AggregatorError("checkpoint", "a checkpoint holds more than one state");
  }
}

function writeStreamTime(sink: ByteSink, { time }: WindowFold): void {
  putDouble(sink, time.value);
  putInt(sink, time.readings);
  putInt(sink, time.held);
  for (let i = 0; i < time.held; i++) {
    putDouble(sink, time.at[i]!);
    putBytes(sink, time.ids[i]!, 0, time.ids[i]!.length);
  }
}

function readStreamTime(source: ByteSource, { time }: WindowFold): void {
  time.value = takeDouble(source);
  time.readings = takeInt(source);
  time.held = takeInt(source);
  for (let i = 0; i < time.held; i++) {
    const at = takeDouble(source);
    restoreLeader(time, i, at, takeBytes(source));
  }
}

/** A device is spelled out where it is met first, and a number from then on. */
function writeDevice(
  sink: ByteSink,
  { devices }: WindowFold,
  refs: Map<number, number>,
  slot: number,
): void {
  const known = refs.get(slot);
  putInt(sink, known ?? refs.size);
  if (known !== undefined) return;
  refs.set(slot, refs.size);
  const { text, cells } = devices;
  const row = rowOf(slot);
  const homeStart = cells[row + deviceField.homeStart]!;
  putBytes(sink, text, cells[row + deviceField.idStart]!, homeStart);
  putBytes(sink, text, homeStart, cells[row + deviceField.homeEnd]!);
  putInt(sink, cells[row + deviceField.model]!);
}

function readDevice(source: ByteSource, { devices }: WindowFold, slots: number[]): number {
  const ref = takeInt(source);
  if (ref < slots.length) return slots[ref]!;
  const id = takeBytes(source);
  const home = takeBytes(source);
  const slot = addDevice(devices, murmur2(id, 0, id.length), id, 0, id.length);
  setHome(devices, slot, home, 0, home.length);
  devices.cells[rowOf(slot) + deviceField.model] = takeInt(source);
  slots.push(slot);
  return slot;
}

function writeWindow(sink: ByteSink, { windows, seen }: WindowFold, window: number): void {
  const { cells } = windows;
  const row = window * windows.words;
  putInt(sink, cells[row + field.count]!);
  putInt(sink, cells[row + field.min]!);
  putInt(sink, cells[row + field.max]!);
  putDouble(sink, sumOf(windows, window));
  putInt(sink, cells[row + field.digestHi]!);
  putInt(sink, cells[row + field.digestLo]!);
  putInt(sink, stateOf(windows, window));
  const boot = cells[row + field.boot]!;
  let far = noEntry;
  const others: number[] = [];
  for (let e = cells[row + field.more]!; e !== noEntry; e = seen.next[e]!) {
    if (seen.boot[e] === boot) far = e;
    else others.push(e);
  }
  putInt(sink, 1 + others.length);
  putInt(sink, boot);
  putInt(sink, cells[row + field.base]!);
  for (let i = field.bits; i < windows.words; i++) putInt(sink, cells[row + i]!);
  writeSpilled(sink, seen, far);
  // Last in the list first: reading puts each before the ones before it, which restores the order.
  for (const entry of others.reverse()) {
    putInt(sink, seen.boot[entry]!);
    putInt(sink, seen.base[entry]!);
    for (let i = 0; i < seen.words; i++) putInt(sink, seen.bits[entry * seen.words + i]!);
    writeSpilled(sink, seen, entry);
  }
}

function writeSpilled(sink: ByteSink, seen: SeenSeqs, entry: number): void {
  const block = entry === noEntry ? noEntry : seen.spill[entry]!;
  const spilled = block === noEntry ? 0 : seen.spills[block]!;
  putInt(sink, spilled);
  for (let i = 1; i <= spilled; i++) putInt(sink, seen.spills[block + i]!);
}

function readWindow(source: ByteSource, { windows, seen }: WindowFold, window: number): void {
  const { cells, doubles, words } = windows;
  const row = window * words;
  cells[row + field.count] = takeInt(source);
  cells[row + field.min] = takeInt(source);
  cells[row + field.max] = takeInt(source);
  doubles[(row + field.sum) / 2] = takeDouble(source);
  cells[row + field.digestHi] = takeInt(source);
  cells[row + field.digestLo] = takeInt(source);
  const state = takeInt(source);
  if (state !== windowState.open && state !== windowState.settled) {
    throw new AggregatorError("checkpoint", `a checkpoint holds a window of state ${state}`);
  }
  setState(windows, window, state);
  let left = takeInt(source);
  if (left < 1) throw new AggregatorError("checkpoint", "a checkpoint holds a window of no boot");
  const boot = takeInt(source);
  beginSeen(windows, window, boot, takeInt(source));
  for (let i = field.bits; i < words; i++) cells[row + i] = takeInt(source);
  // Numbers outside the bitmap go back through the same door, which keeps them in order.
  for (let spilled = takeInt(source); spilled > 0; spilled--) {
    markInWindow(windows, seen, window, boot, takeInt(source));
  }
  for (left--; left > 0; left--) {
    const other = takeInt(source);
    const entry = addBootAt(seen, cells[row + field.more]!, other, takeInt(source));
    cells[row + field.more] = entry;
    for (let i = 0; i < seen.words; i++) seen.bits[entry * seen.words + i] = takeInt(source);
    for (let spilled = takeInt(source); spilled > 0; spilled--) mark(seen, entry, takeInt(source));
  }
}
