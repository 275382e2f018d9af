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
import { addBootAt, mark } from "./dedupe.ts";
import { addDevice, setHome } from "./device-table.ts";
import { openWindow, type WindowFold } from "./fold.ts";
import { noEntry } from "./growth.ts";
import { bucketOf, lookAhead } from "./window-buckets.ts";
import { windowState } from "./window-store.ts";

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
    for (let w = bucket.head; w !== noEntry; w = state.windows.nextInBucket[w]!) {
      putInt(sink, 1);
      writeDevice(sink, state, deviceRefs, state.windows.device[w]!);
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
    time.at[i] = takeDouble(source);
    time.ids[i] = Uint8Array.from(takeBytes(source));
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
  putBytes(sink, devices.text, devices.idStart[slot]!, devices.idEnd[slot]!);
  putBytes(sink, devices.text, devices.homeStart[slot]!, devices.homeEnd[slot]!);
  putInt(sink, devices.model[slot]!);
}

function readDevice(source: ByteSource, { devices }: WindowFold, slots: number[]): number {
  const ref = takeInt(source);
  if (ref < slots.length) return slots[ref]!;
  const id = takeBytes(source);
  const home = takeBytes(source);
  const slot = addDevice(devices, murmur2(id, 0, id.length), id, 0, id.length);
  setHome(devices, slot, home, 0, home.length);
  devices.model[slot] = takeInt(source);
  slots.push(slot);
  return slot;
}

function writeWindow(sink: ByteSink, { windows, seen }: WindowFold, window: number): void {
  putInt(sink, windows.count[window]!);
  putInt(sink, windows.min[window]!);
  putInt(sink, windows.max[window]!);
  putDouble(sink, windows.sum[window]!);
  putInt(sink, windows.digestHi[window]!);
  putInt(sink, windows.digestLo[window]!);
  putInt(sink, windows.state[window]!);
  const entries: number[] = [];
  for (let e = windows.firstBoot[window]!; e !== noEntry; e = seen.next[e]!) entries.push(e);
  putInt(sink, entries.length);
  // Last in the list first: reading puts each before the ones before it, which restores the order.
  for (const entry of entries.reverse()) {
    putInt(sink, seen.boot[entry]!);
    putInt(sink, seen.base[entry]!);
    for (let i = 0; i < seen.words; i++) putInt(sink, seen.bits[entry * seen.words + i]!);
    const block = seen.spill[entry]!;
    const spilled = block === noEntry ? 0 : seen.spills[block]!;
    putInt(sink, spilled);
    for (let i = 1; i <= spilled; i++) putInt(sink, seen.spills[block + i]!);
  }
}

function readWindow(source: ByteSource, { windows, seen }: WindowFold, window: number): void {
  windows.count[window] = takeInt(source);
  windows.min[window] = takeInt(source);
  windows.max[window] = takeInt(source);
  windows.sum[window] = takeDouble(source);
  windows.digestHi[window] = takeInt(source);
  windows.digestLo[window] = takeInt(source);
  const state = takeInt(source);
  if (state !== windowState.open && state !== windowState.settled) {
    throw new AggregatorError("checkpoint", `a checkpoint holds a window of state ${state}`);
  }
  windows.state[window] = state;
  for (let left = takeInt(source); left > 0; left--) {
    const boot = takeInt(source);
    const entry = addBootAt(seen, windows.firstBoot[window]!, boot, takeInt(source));
    windows.firstBoot[window] = entry;
    for (let i = 0; i < seen.words; i++) seen.bits[entry * seen.words + i] = takeInt(source);
    // Numbers outside the bitmap go back through the same door, which keeps them in order.
    for (let spilled = takeInt(source); spilled > 0; spilled--) mark(seen, entry, takeInt(source));
  }
}
