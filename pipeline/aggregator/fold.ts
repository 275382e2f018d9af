/**
 * The fold: what one partition's log makes of its windows. A pure function of the log: no clock, no I/O.
 * `fold` takes one record in; `settle`, at the end of every record batch, names what has become due, so
 * that the output follows from the log alone and not from when the loop happened to commit.
 * Hot path: no object, no string, no closure per record. Reasons are checked in the contract's order.
 * What a reading costs is spread evenly over checksum, record, Avro, look-up, three comparisons of
 * nine bytes, stream time, digest and row; nothing of it stands out any more.
 */
import { isUtf8 } from "node:buffer";
import { emptyRawReading, type RawReading } from "../contract/reading.ts";
import { readReading } from "../contract/reading-codec.ts";
import type { RejectionReason } from "../contract/rejection.ts";
import { murmur2 } from "../kafka/wire/murmur2.ts";
import type { RecordView } from "../kafka/wire/record-cursor.ts";
import type { WindowConfig } from "./config.ts";
import { createSeenSeqs, freeBoots, type SeenSeqs } from "./dedupe.ts";
import { type DeviceTable, deviceField, rowOf } from "./device-rows.ts";
import {
  addDevice,
  createDeviceTable,
  findDevice,
  removeDevice,
  sameHome,
  setHome,
} from "./device-table.ts";
import { readingHi, readingLo } from "./digest.ts";
import { noEntry, sameBytes } from "./growth.ts";
import { createStreamTime, observe, type StreamTime } from "./stream-time.ts";
import {
  appendToBucket,
  type Bucket,
  type Buckets,
  bucketOf,
  closeBuckets,
  createBuckets,
  findBucket,
  nextInBucket,
  takeBuckets,
} from "./window-buckets.ts";
import { beginSeen, markInWindow } from "./window-seen.ts";
import {
  addReading,
  addWindow,
  createWindowStore,
  field,
  freeWindow,
  setState,
  stateOf,
  type WindowStore,
  windowState,
} from "./window-store.ts";

export type Outcome = "folded" | "duplicate" | RejectionReason;

/** The windows of one partition and what is needed to fold the next reading into them. */
export type WindowFold = {
  readonly config: WindowConfig;
  readonly partition: number;
  readonly partitions: number;
  readonly time: StreamTime;
  readonly devices: DeviceTable;
  readonly windows: WindowStore;
  readonly seen: SeenSeqs;
  readonly buckets: Buckets;
  /** Windows that revise what was emitted, in the order of their first such reading; empty once settled. */
  readonly due: number[];
  readonly reading: RawReading;
};

/** Receives a window that must be emitted as it stands now. */
export type Emit = (fold: WindowFold, window: number) => void;

/**
 * Past ±9 × 10^12 ms (the year 2255) `version` = window end × 1000 + revision would leave the safe integers:
 * no aggregate can carry such a reading, so it is `malformed`.
 */
const farthest = 9e12;

export function createWindowFold(
  config: WindowConfig,
  digestKey: readonly [number, number],
  partition: number,
  partitions: number,
): WindowFold {
  return {
    config,
    partition,
    partitions,
    time: createStreamTime(config.quorum),
    devices: createDeviceTable(digestKey),
    windows: createWindowStore(config.span),
    seen: createSeenSeqs(config.span),
    buckets: createBuckets(),
    due: [],
    reading: emptyRawReading(),
  };
}

/** Takes one record of this partition in and says what became of it. */
export function fold(state: WindowFold, record: RecordView): Outcome {
  const { reading, devices, config, time } = state;
  const { bytes, keyStart, keyEnd } = record;
  if (record.valueEnd < 0) return "malformed";
  if (!readReading(bytes, record.valueStart, record.valueEnd, reading)) return "malformed";
  const { idBytes, idStart, idEnd, at } = reading;
  if (!(at < farthest && at > -farthest)) return "malformed";
  const hash = murmur2(idBytes, idStart, idEnd);
  let device = findDevice(devices, hash, idBytes, idStart, idEnd);
  // What is interned already is text; anything else has to prove it, or the aggregate would be no JSON.
  if (device === noEntry && !isText(idBytes, idStart, idEnd)) return "malformed";
  const moved = device === noEntry || !isHome(devices, device, reading);
  if (moved && !isText(reading.homeBytes, reading.homeStart, reading.homeEnd)) return "malformed";
  if (!sameBytes(bytes, keyStart, keyEnd, idBytes, idStart, idEnd)) return "wrong-partition";
  if ((hash & 0x7fffffff) % state.partitions !== state.partition) return "wrong-partition";

  const before = time.value;
  observe(time, at, idBytes, idStart, idEnd);
  // Stream time that does not exist is NaN: no comparison with it holds.
  if (at > before + config.ahead) return "future";
  const start = Math.floor(at / config.size) * config.size;
  if (before >= start + config.size + config.retention) return "late";

  const { boot, seq } = reading;
  let window = device === noEntry ? noEntry : findWindow(state, device, start);
  if (window === noEntry) {
    if (device === noEntry) device = addDevice(devices, hash, idBytes, idStart, idEnd);
    window = openWindow(state, device, start);
    beginSeen(state.windows, window, boot, seq - config.span / 2);
  }
  const verdict = markInWindow(state.windows, state.seen, window, boot, seq);
  if (verdict !== "new") return verdict;
  if (moved) move(devices, device, reading);
  count(state, window, device);
  return "folded";
}

/**
 * Emits what the log so far makes due: revisions first, then the windows that close now; then evicts.
 * To be called at the end of every record batch, whatever its records were.
 */
export function settle(state: WindowFold, emit: Emit): void {
  const { due, windows, config, time, buckets } = state;
  for (const window of due) {
    setState(windows, window, windowState.settled);
    emit(state, window);
  }
  due.length = 0;
  if (time.value >= buckets.nextClose + config.grace) close(state, time.value, emit);
  if (time.value >= buckets.nextEvict + config.retention) {
    const gone = takeBuckets(buckets, time.value - config.retention);
    for (const bucket of gone) evict(state, bucket);
  }
}

/**
 * First emission of every window whose end + grace is at `now` or before. Only an idle partition calls it with
 * the wall clock; stream time stays where it is. Returns whether there was any.
 */
export function close(state: WindowFold, now: number, emit: Emit): boolean {
  const closing = closeBuckets(state.buckets, now - state.config.grace);
  for (const bucket of closing) {
    for (let w = bucket.head; w !== noEntry; w = nextInBucket(state.windows, w)) {
      setState(state.windows, w, windowState.settled);
      emit(state, w);
    }
  }
  return closing.length > 0;
}

/** A new window of this device in the bucket of its start. */
export function openWindow(state: WindowFold, device: number, start: number): number {
  const { windows, devices } = state;
  const bucket = bucketOf(state.buckets, start, start + state.config.size);
  const first = rowOf(device) + deviceField.firstWindow;
  const window = addWindow(windows, device, bucket.number, devices.cells[first]!);
  devices.cells[first] = window;
  appendToBucket(bucket, windows, window);
  if (bucket.closed) setState(windows, window, windowState.settled);
  return window;
}

function findWindow(state: WindowFold, device: number, start: number): number {
  const bucket = findBucket(state.buckets, start);
  if (bucket === undefined) return noEntry;
  const { cells, words } = state.windows;
  let window = state.devices.cells[rowOf(device) + deviceField.firstWindow]!;
  while (window !== noEntry) {
    const row = window * words;
    if (cells[row + field.bucket]! >>> 2 === bucket.number) return window;
    window = cells[row + field.nextOfDevice]!;
  }
  return noEntry;
}

function count(state: WindowFold, window: number, device: number): void {
  const { windows, devices, due } = state;
  const { boot, seq, temperature } = state.reading;
  const row = rowOf(device);
  const hi = readingHi(devices.cells[row + deviceField.digestHi]!, boot, seq);
  const lo = readingLo(devices.cells[row + deviceField.digestLo]!, boot, seq);
  addReading(windows, window, temperature, hi, lo);
  if (stateOf(windows, window) !== windowState.settled) return;
  setState(windows, window, windowState.due);
  due.push(window);
}

function evict(state: WindowFold, bucket: Bucket): void {
  const { windows, seen } = state;
  let window = bucket.head;
  while (window !== noEntry) {
    const next = nextInBucket(windows, window);
    freeBoots(seen, windows.cells[window * windows.words + field.more]!);
    unlink(state, window);
    freeWindow(windows, window);
    window = next;
  }
}

function unlink(state: WindowFold, window: number): void {
  const { devices, windows } = state;
  const { cells, words } = windows;
  const device = cells[window * words + field.device]!;
  const after = cells[window * words + field.nextOfDevice]!;
  const head = rowOf(device) + deviceField.firstWindow;
  const first = devices.cells[head]!;
  if (first !== window) {
    let before = first * words + field.nextOfDevice;
    while (cells[before] !== window) before = cells[before]! * words + field.nextOfDevice;
    cells[before] = after;
  } else if (after === noEntry) removeDevice(devices, device);
  else devices.cells[head] = after;
}

function isHome(devices: DeviceTable, device: number, reading: RawReading): boolean {
  const { homeBytes, homeStart, homeEnd, model } = reading;
  return (
    devices.cells[rowOf(device) + deviceField.model] === model &&
    sameHome(devices, device, homeBytes, homeStart, homeEnd)
  );
}

function move(devices: DeviceTable, device: number, reading: RawReading): void {
  setHome(devices, device, reading.homeBytes, reading.homeStart, reading.homeEnd);
  devices.cells[rowOf(device) + deviceField.model] = reading.model;
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, end));
}
