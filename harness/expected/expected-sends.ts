/**
 * What one partition of the raw topic should hold, send by send in the plan's order, as bytes: the sends of
 * the load that leave before the cut, then the closing readings. Hot path.
 * Bytes are compared four at a time: about half the cost of one at a time, in two runs under different load. A record
 * that is the send's is not taken apart by the ledger (`Ledger.foldPlanned`). Sends kept in columns, hundreds at a time,
 * were no faster than one by one.
 */
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { emptyPlannedReading, type Plan, type PlannedReading } from "../../simulator/plan.ts";
import type { LogRecord } from "./log-record.ts";

/** One send by what orders it; `position` counts the partition's sends from 0, closing ones included. */
export type Send = {
  readonly position: number;
  readonly sendAt: number;
  readonly device: number;
  readonly index: number;
  readonly copy: number;
  /** Index into the plan's `fates`. */
  readonly fate: number;
  readonly closing: boolean;
};

export type ExpectedSends = {
  /**
   * Whether a next send is known. False: there is none, or (while `cutKnown` is false) only the cut can
   * tell what follows the load.
   */
  readonly has: () => boolean;
  /** The next send. Only where `has`. */
  readonly next: () => Send;
  /** Whether key and value of the record are exactly those of the next send. Only where `has`. */
  readonly matches: (record: LogRecord) => boolean;
  /** What the next send holds; good until `has` is asked again after `advance`. Only where `has`. */
  readonly reading: () => PlannedReading;
  readonly advance: () => void;
  /** Sends passed so far. */
  readonly position: () => number;
  /** When the last send that was passed was to leave (event ms); the start of the load before the first. */
  readonly lastSentAt: () => number;
  readonly cutKnown: () => boolean;
  /** The load ended at this event time: no send at or past it was planned. At most once. */
  readonly cut: (atEventMs: number) => void;
};

export function createExpectedSends(plan: Plan, partition: number): ExpectedSends {
  const walk = createPartitionWalk(plan, partition);
  const { startAt, loadMs } = plan.options;
  const loadEnd = startAt + loadMs;
  /** Key and value of the next send, one behind the other. */
  const bytes = new Uint8Array(plan.encodedMaxBytes + 255);
  const own = new DataView(bytes.buffer);
  /** Of the next send; its bytes are made when they are asked for. */
  let reading = emptyPlannedReading();
  let copy = 0;
  let sendAt = startAt;
  let isThere = false;
  let position = 0;
  let closing: readonly PlannedReading[] = [];
  let closed = 0;
  let closingFrom = Number.POSITIVE_INFINITY;
  let until = loadEnd;
  let cutKnown = false;
  let lastSentAt = startAt;
  /** Where the last compared record lay: thousands lie in one buffer. */
  let theirBytes: Uint8Array = bytes;
  let theirs: DataView = own;

  function set(next: PlannedReading, nth: number, leavesAt: number): void {
    reading = next;
    copy = nth;
    sendAt = leavesAt;
    isThere = true;
  }

  function has(): boolean {
    if (isThere || walk.advance(until, set, 1) > 0) return true;
    if (!cutKnown) return false;
    closingFrom = Math.min(closingFrom, position);
    const next = closing[closed];
    if (next === undefined) return false;
    closed += 1;
    set(next, 0, next.sendAt);
    return true;
  }

  function matches(record: LogRecord): boolean {
    const { keyStart, keyEnd, valueStart, valueEnd } = record;
    const { idBytes, idStart, idEnd } = reading;
    const middle = idEnd - idStart;
    for (let i = 0; i < middle; i++) bytes[i] = idBytes[idStart + i]!;
    const to = plan.encode(reading, bytes, middle);
    if (keyEnd - keyStart !== middle || valueEnd - valueStart !== to - middle) return false;
    if (record.bytes !== theirBytes) {
      theirBytes = record.bytes;
      theirs = new DataView(theirBytes.buffer, theirBytes.byteOffset, theirBytes.byteLength);
    }
    return isSame(own, 0, middle, theirs, keyStart) && isSame(own, middle, to, theirs, valueStart);
  }

  function cut(atEventMs: number): void {
    if (cutKnown) return;
    cutKnown = true;
    until = Math.min(atEventMs, loadEnd);
    if (sendAt >= until) isThere = false;
    closing = closingReadings(plan, partition, until);
  }

  return {
    has,
    next: () => ({
      position,
      sendAt,
      device: reading.device,
      index: reading.index,
      copy,
      fate: reading.fate,
      closing: position >= closingFrom,
    }),
    matches,
    reading: () => reading,
    advance: () => {
      lastSentAt = sendAt;
      isThere = false;
      position += 1;
    },
    position: () => position,
    lastSentAt: () => lastSentAt,
    cutKnown: () => cutKnown,
    cut,
  };
}

/** Whether `a[from, to)` is what begins at `at` in `b`: four bytes at a time, then the rest. */
function isSame(a: DataView, from: number, to: number, b: DataView, at: number): boolean {
  const ahead = at - from;
  let i = from;
  for (; i + 4 <= to; i += 4) if (a.getInt32(i) !== b.getInt32(i + ahead)) return false;
  for (; i < to; i++) if (a.getUint8(i) !== b.getUint8(i + ahead)) return false;
  return true;
}

/** The plan's order of a partition: (sendAt, device, index, copy). Closing readings come after the load. */
export function isBefore(a: SendOrder, b: SendOrder): boolean {
  if (a.sendAt !== b.sendAt) return a.sendAt < b.sendAt;
  if (a.device !== b.device) return a.device < b.device;
  if (a.index !== b.index) return a.index < b.index;
  return a.copy < b.copy;
}

export type SendOrder = Pick<Send, "sendAt" | "device" | "index" | "copy">;
