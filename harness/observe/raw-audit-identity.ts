/**
 * Which planned send a raw record is, when it is not the one that the plan has next. Rare, so it may be slow:
 * the plan is asked again for the reading that the record claims to be.
 */

import type { RawReading } from "../../pipeline/contract/reading.ts";
import { closingReadings } from "../../simulator/closing.ts";
import {
  emptyPlannedReading,
  fates,
  type Plan,
  type PlannedReading,
} from "../../simulator/plan.ts";
import type { LogRecord } from "../expected/log-record.ts";

export type Identity =
  /** No send of this partition's plan: the reason in words. */
  | { readonly kind: "phantom"; readonly why: string }
  /** A key of the plan, and bytes that are no reading of that device. */
  | { readonly kind: "unreadable"; readonly device: number }
  /** The plan's reading: with its own bytes (`exact`) or with others. */
  | { readonly kind: "planned"; readonly exact: boolean; readonly reading: PlannedReading };

/**
 * `decoded`: what the record holds, undefined when nobody can read it; `device`: its index, of a foreign one
 * past the plan's. `cutAt`: event ms.
 */
export function identify(
  plan: Plan,
  partition: number,
  cutAt: number,
  record: LogRecord,
  decoded: RawReading | undefined,
  device: number,
): Identity {
  if (decoded === undefined) return identifyUnreadable(plan, partition, record);
  if (device >= plan.allDevices)
    return { kind: "phantom", why: "a device that is not of this run" };
  if (plan.partitionOf(device) !== partition) {
    return { kind: "phantom", why: `a device of partition ${plan.partitionOf(device)}` };
  }
  const index = plan.indexOf(device, decoded.boot, decoded.seq);
  if (index < 0) {
    const what = decoded.boot === 0 ? "seq" : "boot";
    return { kind: "phantom", why: `a ${what} that the plan does not have` };
  }
  const reading = plannedReading(plan, partition, cutAt, device, index);
  if (typeof reading === "string") return { kind: "phantom", why: reading };
  return { kind: "planned", exact: sameBytes(plan, reading, record), reading };
}

function plannedReading(
  plan: Plan,
  partition: number,
  cutAt: number,
  device: number,
  index: number,
): PlannedReading | string {
  if (device >= plan.fleetDevices) {
    const closing = closingReadings(plan, partition, cutAt);
    const found = closing.find((each) => each.device === device && each.index === index);
    return found ?? "a closing reading that the plan does not have";
  }
  if (index >= plan.readingsOf(device)) return "a seq that the plan does not reach";
  const reading = emptyPlannedReading();
  plan.fill(device, index, reading);
  if (fates[reading.fate] === "missing") return "a reading that the plan never sends";
  if (reading.sendAt >= cutAt) return "a reading that was to leave after the end of the load";
  return reading;
}

/** A malformed reading of the plan is found by its bytes alone. */
function identifyUnreadable(plan: Plan, partition: number, record: LogRecord): Identity {
  const { bytes, keyStart, keyEnd } = record;
  const device = keyEnd < 0 ? -1 : plan.deviceOf(bytes, keyStart, keyEnd);
  if (device < 0 || plan.partitionOf(device) !== partition) {
    return { kind: "phantom", why: "unreadable, under a key that this partition does not have" };
  }
  const reading = emptyPlannedReading();
  for (let index = 0; index < plan.readingsOf(device); index++) {
    plan.fill(device, index, reading);
    if (fates[reading.fate] !== "malformed") continue;
    if (sameBytes(plan, reading, record)) return { kind: "planned", exact: true, reading };
  }
  return { kind: "unreadable", device };
}

function sameBytes(plan: Plan, reading: PlannedReading, record: LogRecord): boolean {
  const value = new Uint8Array(plan.encodedMaxBytes);
  const end = plan.encode(reading, value, 0);
  const key = reading.idBytes.subarray(reading.idStart, reading.idEnd);
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  if (keyEnd < 0 || valueEnd < 0) return false;
  return (
    Buffer.compare(key, bytes.subarray(keyStart, keyEnd)) === 0 &&
    Buffer.compare(value.subarray(0, end), bytes.subarray(valueStart, valueEnd)) === 0
  );
}
