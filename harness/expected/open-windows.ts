/**
 * Where the windows lie that can still take readings. A ring of windows for each device of the fleet, wide enough for
 * all that is neither late nor future; a map for the few others: closing and foreign devices, times that no plan has.
 * A window lies at a *slot*, which is used again when it was closed: memory is that of the open ones. Hot path.
 */
import type { Plan } from "../../simulator/plan.ts";

/** A reading may lie hours ahead; windows further off than this go to the map. */
const ringMost = 64;

export type OpenWindows = {
  /** -1: this window is not open. `partition`: the device's. */
  readonly slotOf: (device: number, partition: number, windowStart: number) => number;
  /** Puts a window that was not open at a slot. */
  readonly put: (device: number, partition: number, windowStart: number, slot: number) => void;
  /** Stream time of the partition from which on windows are to be closed. */
  readonly closeAt: (partition: number) => number;
  /** Takes out the windows that end `holdMs` or more before `streamTime`, earlier ones first. */
  readonly takeUntil: (partition: number, streamTime: number, take: (slot: number) => void) => void;
};

/**
 * `holdMs`: how long after its end, in stream time, a window may still change. `startOf`: of the window at a slot,
 * epoch milliseconds.
 */
export function createOpenWindows(
  plan: Plan,
  holdMs: number,
  startOf: (slot: number) => number,
): OpenWindows {
  const { fleetDevices } = plan;
  const { startAt, partitions, window } = plan.options;
  const { sizeMs, aheadMs } = window;
  const first = Math.floor(startAt / sizeMs);
  const wide = Math.min(ringMost, 2 + Math.ceil((holdMs + aheadMs) / sizeMs));
  /** Slot + 1 of a device's window; 0: none. */
  const ring = new Int32Array(fleetDevices * wide);
  /** By partition: the first window that is not closed, and its place in the ring. */
  const bases = new Float64Array(partitions);
  const turns = new Int32Array(partitions);
  const closing = Float64Array.from({ length: partitions }, () => closeAtOf(0));
  const others = Array.from({ length: partitions }, () => new Map<string, number>());

  function slotOf(device: number, partition: number, windowStart: number): number {
    const at = placeOf(device, partition, windowStart);
    const slot = at < 0 ? -1 : ring[at]! - 1;
    if (slot >= 0 || others[partition]!.size === 0) return slot;
    return others[partition]!.get(`${device}/${windowStart}`) ?? -1;
  }

  function put(device: number, partition: number, windowStart: number, slot: number): void {
    // A device that the plan sees elsewhere would never be met when its windows are closed.
    const inPlan = device < fleetDevices && plan.partitionOf(device) === partition;
    const at = inPlan ? placeOf(device, partition, windowStart) : -1;
    if (at >= 0) ring[at] = slot + 1;
    else others[partition]!.set(`${device}/${windowStart}`, slot);
  }

  /** In the ring; -1: not there. */
  function placeOf(device: number, partition: number, windowStart: number): number {
    const ahead = windowStart / sizeMs - first - bases[partition]!;
    if (device >= fleetDevices || ahead < 0 || ahead >= wide) return -1;
    const turn = turns[partition]! + ahead;
    return (turn < wide ? turn : turn - wide) * fleetDevices + device;
  }

  function closeAtOf(base: number): number {
    return (first + base + 1) * sizeMs + holdMs;
  }

  function takeUntil(partition: number, streamTime: number, take: (slot: number) => void): void {
    const base = bases[partition]!;
    const until = Math.max(base, Math.floor((streamTime - holdMs) / sizeMs) - first);
    for (let ahead = 0; ahead < Math.min(until - base, wide); ahead++) {
      takeRing(partition, (turns[partition]! + ahead) % wide, take);
    }
    for (const [key, slot] of others[partition]!) {
      if (startOf(slot) + sizeMs + holdMs > streamTime) continue;
      others[partition]!.delete(key);
      take(slot);
    }
    bases[partition] = until;
    turns[partition] = (turns[partition]! + ((until - base) % wide)) % wide;
    closing[partition] = closeAtOf(until);
  }

  function takeRing(partition: number, turn: number, take: (slot: number) => void): void {
    const from = turn * fleetDevices;
    const devices = plan.devicesOf(partition);
    for (let i = 0; i < devices.length; i++) {
      const at = from + devices[i]!;
      const slot = ring[at]! - 1;
      if (slot < 0) continue;
      ring[at] = 0;
      take(slot);
    }
  }

  return { slotOf, put, closeAt: (partition) => closing[partition]!, takeUntil };
}
