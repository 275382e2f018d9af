/**
 * Who the devices are: ids, homes and partitions of the fleet and of the reserved closing devices, as bytes in two
 * flat arrays, so that a reading carries its id without a string. Hot path: `describe`, `deviceOf`.
 */
import type { RawReading } from "../pipeline/contract/reading.ts";
import { partitionOf } from "../pipeline/kafka/wire/murmur2.ts";

export type Identities = {
  readonly count: number;
  /** Sets the id and home of `into`: views into shared bytes that nobody may write to. */
  readonly describe: (device: number, into: RawReading) => void;
  /** The device whose id is exactly `bytes[start, end)`, or -1. */
  readonly deviceOf: (bytes: Uint8Array, start: number, end: number) => number;
  readonly partitionOf: (device: number) => number;
  readonly idOf: (device: number) => string;
  /** The device in whose home the device hangs: itself, or for some the one before it. */
  readonly homeOf: (device: number) => number;
};

const digitsMin = 7;
const zero = 0x30;
const encoder = new TextEncoder();

/** `sharesHome`: whether an odd-numbered device hangs in the home of its predecessor. */
export function createIdentities(
  fleet: { readonly devices: number; readonly partitions: number; readonly quorum: number },
  sharesHome: (device: number) => boolean,
): Identities {
  const { devices, partitions, quorum } = fleet;
  // Homes are numbered like devices, the reserved ones included.
  const width = 2 + Math.max(digitsMin, String(devices + partitions * quorum - 1).length);
  const reserved: Uint8Array[] = [];
  for (let p = 0; p < partitions; p++) {
    for (let k = 0; k < quorum; k++) reserved.push(closingId(p, k, partitions));
  }
  const count = devices + reserved.length;
  const ids = new Uint8Array(devices * width);
  const homes = new Uint8Array(count * width);
  const partitionOfDevice = new Uint32Array(count);
  for (let device = 0; device < count; device++) {
    writeName(homes, device * width, 0x68 /* h */, width, homeOf(device));
    if (device < devices) {
      writeName(ids, device * width, 0x74 /* t */, width, device);
      const start = device * width;
      partitionOfDevice[device] = partitionOf(ids, start, start + width, partitions);
    } else {
      partitionOfDevice[device] = Math.floor((device - devices) / quorum);
    }
  }

  function homeOf(device: number): number {
    return device < devices && device % 2 === 1 && sharesHome(device) ? device - 1 : device;
  }

  function describe(device: number, into: RawReading): void {
    const start = device * width;
    if (device < devices) {
      into.idBytes = ids;
      into.idStart = start;
      into.idEnd = start + width;
    } else {
      const id = reserved[device - devices]!;
      into.idBytes = id;
      into.idStart = 0;
      into.idEnd = id.length;
    }
    into.homeBytes = homes;
    into.homeStart = start;
    into.homeEnd = start + width;
  }

  function deviceOf(bytes: Uint8Array, start: number, end: number): number {
    if (end - start === width && bytes[start] === 0x74 && bytes[start + 1] === 0x2d) {
      let device = 0;
      let at = start + 2;
      for (; at < end; at++) {
        const digit = bytes[at]! - zero;
        if (!(digit >= 0 && digit <= 9)) break;
        device = device * 10 + digit;
      }
      if (at === end) return device < devices ? device : -1;
    }
    for (let i = 0; i < reserved.length; i++) {
      if (equal(reserved[i]!, bytes, start, end)) return devices + i;
    }
    return -1;
  }

  return {
    count,
    describe,
    deviceOf,
    partitionOf: (device) => partitionOfDevice[device]!,
    idOf: (device) =>
      device < devices
        ? `t-${String(device).padStart(width - 2, "0")}`
        : new TextDecoder().decode(reserved[device - devices]),
    homeOf,
  };
}

/** `t-closing-<partition>-<k>-<salt>` with the first salt that murmur2 puts into the partition. */
function closingId(partition: number, k: number, partitions: number): Uint8Array {
  for (let salt = 0; ; salt++) {
    const id = encoder.encode(`t-closing-${partition}-${k}-${salt}`);
    if (partitionOf(id, 0, id.length, partitions) === partition) return id;
  }
}

/** `<letter>-` and the number with leading zeros, `width` bytes in all. */
function writeName(
  target: Uint8Array,
  start: number,
  letter: number,
  width: number,
  n: number,
): void {
  target[start] = letter;
  target[start + 1] = 0x2d;
  let rest = n;
  for (let at = start + width - 1; at > start + 1; at--) {
    target[at] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

function equal(id: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (id.length !== end - start) return false;
  for (let i = 0; i < id.length; i++) if (id[i] !== bytes[start + i]) return false;
  return true;
}
