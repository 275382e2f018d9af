/**
 * What one partition of the raw topic should hold, send by send in the plan's order, as bytes: the sends of
 * the load that leave before the cut, then the closing readings. Generated a stretch at a time. Hot path.
 */
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
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
  /** The fate of the next send: `next().fate` without an object. */
  readonly fate: () => number;
  readonly advance: () => void;
  /** Sends passed so far. */
  readonly position: () => number;
  /** When the last send that was passed was to leave (event ms); the start of the load before the first. */
  readonly lastSentAt: () => number;
  readonly cutKnown: () => boolean;
  /** The load ended at this event time: no send at or past it was planned. At most once. */
  readonly cut: (atEventMs: number) => void;
};

/** Sends generated at once: a few hundred kilobytes, and generators pay off when they run for a while. */
const stretchMax = 512;
/** Short loads are many in a simulation, and what they do not need would be its collector's work. */
const stretchMin = 32;

export function createExpectedSends(plan: Plan, partition: number): ExpectedSends {
  const walk = createPartitionWalk(plan, partition);
  const { startAt, loadMs, everyMs } = plan.options;
  const loadEnd = startAt + loadMs;
  const planned = Math.ceil((plan.devicesOf(partition).length * loadMs) / everyMs);
  const stretch = Math.min(stretchMax, Math.max(stretchMin, planned));
  const room = plan.encodedMaxBytes + 255;
  const bytes = new Uint8Array(stretch * room);
  /** Of each send of the stretch: key [from, middle), value [middle, to). */
  const middle = new Uint32Array(stretch);
  const to = new Uint32Array(stretch);
  const sends = {
    sendAt: new Float64Array(stretch),
    device: new Int32Array(stretch),
    index: new Int32Array(stretch),
    copy: new Uint8Array(stretch),
    fate: new Uint8Array(stretch),
  };
  let filled = 0;
  let at = 0;
  let position = 0;
  let closing: readonly PlannedReading[] = [];
  let closingFrom = Number.POSITIVE_INFINITY;
  let until = loadEnd;
  let cutKnown = false;
  let lastSentAt = startAt;

  function add(reading: PlannedReading, copy: number, sendAt: number): void {
    const from = filled * room;
    const length = reading.idEnd - reading.idStart;
    for (let i = 0; i < length; i++) bytes[from + i] = reading.idBytes[reading.idStart + i]!;
    middle[filled] = from + length;
    to[filled] = plan.encode(reading, bytes, from + length);
    sends.sendAt[filled] = sendAt;
    sends.device[filled] = reading.device;
    sends.index[filled] = reading.index;
    sends.copy[filled] = copy;
    sends.fate[filled] = reading.fate;
    filled += 1;
  }

  function has(): boolean {
    if (at < filled) return true;
    at = 0;
    filled = 0;
    walk.advance(until, add, stretch);
    if (filled > 0) return true;
    if (!cutKnown) return false;
    closingFrom = Math.min(closingFrom, position);
    const rest = closing.slice(0, stretch);
    closing = closing.slice(stretch);
    for (const reading of rest) add(reading, 0, reading.sendAt);
    return filled > 0;
  }

  function matches(record: LogRecord): boolean {
    const { keyStart, keyEnd, valueStart, valueEnd } = record;
    const from = at * room;
    const between = middle[at]!;
    const end = to[at]!;
    if (keyEnd - keyStart !== between - from || valueEnd - valueStart !== end - between) {
      return false;
    }
    const other = record.bytes;
    for (let i = from, j = keyStart; i < between; i++, j++) if (bytes[i] !== other[j]) return false;
    for (let i = between, j = valueStart; i < end; i++, j++) {
      if (bytes[i] !== other[j]) return false;
    }
    return true;
  }

  function cut(atEventMs: number): void {
    if (cutKnown) return;
    cutKnown = true;
    until = Math.min(atEventMs, loadEnd);
    for (let i = at; i < filled; i++) if (sends.sendAt[i]! >= until) filled = i;
    closing = closingReadings(plan, partition, until);
  }

  return {
    has,
    next: () => ({
      position,
      sendAt: sends.sendAt[at]!,
      device: sends.device[at]!,
      index: sends.index[at]!,
      copy: sends.copy[at]!,
      fate: sends.fate[at]!,
      closing: position >= closingFrom,
    }),
    matches,
    fate: () => sends.fate[at]!,
    advance: () => {
      lastSentAt = sends.sendAt[at]!;
      at += 1;
      position += 1;
    },
    position: () => position,
    lastSentAt: () => lastSentAt,
    cutKnown: () => cutKnown,
    cut,
  };
}

/** The plan's order of a partition: (sendAt, device, index, copy). Closing readings come after the load. */
export function isBefore(a: SendOrder, b: SendOrder): boolean {
  if (a.sendAt !== b.sendAt) return a.sendAt < b.sendAt;
  if (a.device !== b.device) return a.device < b.device;
  if (a.index !== b.index) return a.index < b.index;
  return a.copy < b.copy;
}

export type SendOrder = Pick<Send, "sendAt" | "device" | "index" | "copy">;
