/**
 * What the oracle knows of each device, by index: the plan's devices, and behind them every foreign one that
 * the log held (the aggregator folds those too; that they are there is a finding of its own).
 */
import type { Plan } from "../../simulator/plan.ts";
import { type DigestKey, deviceHash } from "./contributor.ts";
import { keyPartition } from "./key-partition.ts";

export type DeviceRegister = {
  /** Index of the id in `bytes[start, end)`; a foreign id gets the next one. */
  readonly indexOf: (bytes: Uint8Array, start: number, end: number) => number;
  /** The device of the plan whose id these bytes are is met; as `indexOf`, for whoever knows the index. */
  readonly meet: (device: number, bytes: Uint8Array, start: number, end: number) => void;
  readonly partitionOf: (device: number) => number;
  /** The device's share of the contributor digest: `contributor.ts`. */
  readonly hashHi: (device: number) => number;
  readonly hashLo: (device: number) => number;
  readonly foreign: () => readonly string[];
};

/** So many foreign ids say enough; the run is broken, and memory is not for sale. */
const foreignMax = 100_000;

export function createDeviceRegister(plan: Plan, key: DigestKey): DeviceRegister {
  const known = plan.allDevices;
  let partitions = new Int32Array(known).fill(-1);
  let hi = new Uint32Array(known);
  let lo = new Uint32Array(known);
  const foreign = new Map<string, number>();

  function indexOf(bytes: Uint8Array, start: number, end: number): number {
    const planned = plan.deviceOf(bytes, start, end);
    const index = planned >= 0 ? planned : foreignIndex(bytes.subarray(start, end));
    meet(index, bytes, start, end);
    return index;
  }

  function meet(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (partitions[index] === -1) learn(index, bytes.slice(start, end));
  }

  function foreignIndex(id: Uint8Array): number {
    const bytes = Buffer.from(id);
    const name = bytes.toString("latin1");
    const seen = foreign.get(name);
    if (seen !== undefined) return seen;
    if (foreign.size === foreignMax) throw new RangeError(`over ${foreignMax} foreign devices`);
    const index = known + foreign.size;
    foreign.set(name, index);
    if (index >= partitions.length) {
      partitions = enlarged(partitions, new Int32Array(2 * index + 2).fill(-1));
      hi = enlarged(hi, new Uint32Array(2 * index + 2));
      lo = enlarged(lo, new Uint32Array(2 * index + 2));
    }
    return index;
  }

  function learn(index: number, id: Uint8Array): void {
    const hash = deviceHash(id, key);
    partitions[index] = keyPartition(id, plan.options.partitions);
    hi[index] = hash.hi;
    lo[index] = hash.lo;
  }

  return {
    indexOf,
    meet,
    partitionOf: (device) => partitions[device]!,
    hashHi: (device) => hi[device]!,
    hashLo: (device) => lo[device]!,
    foreign: () => [...foreign.keys()].map((name) => Buffer.from(name, "latin1").toString("utf8")),
  };
}

function enlarged<T extends Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
