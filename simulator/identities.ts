/**
 * Who the devices are: ids, homes and partitions of the fleet and of the reserved closing devices, as bytes, so that a
 * reading carries its id without a string. Hot path: `describe`, `deviceOf`. Names are written digit by digit, not looked
 * up: devices send in the order of their phases, so a table of the names of a million devices is a cache miss a reading,
 * which costs more than seven divisions by a constant.
 */
import { writeDigits } from "../pipeline/contract/decimal.ts";
import type { RawReading } from "../pipeline/contract/reading.ts";
import { partitionOf } from "../pipeline/kafka/wire/murmur2.ts";

/** A reading with room of its own for its two names: `nameRoom` bytes. */
export type NamedReading = RawReading & { readonly names: Uint8Array };

export type Identities = {
  readonly count: number;
  /**
   * Sets the id and home of `into`; a reserved device's id is shared bytes that nobody may write to. `home`: what
   * `homeOf` says of the device.
   */
  readonly describe: (device: number, home: number, into: NamedReading) => void;
  /** The device whose id is exactly `bytes[start, end)`, or -1. */
  readonly deviceOf: (bytes: Uint8Array, start: number, end: number) => number;
  readonly partitionOf: (device: number) => number;
  readonly idOf: (device: number) => string;
  /** The device in whose home the device hangs: itself, or for some the one before it. */
  readonly homeOf: (device: number) => number;
};

const digitsMin = 7;
/** A letter, a dash and the ten digits of 2^32 at most. */
const nameMost = 12;
export const nameRoom = 2 * nameMost;
const zero = 0x30;
const letters = { id: 0x74 /* t */, home: 0x68 /* h */ };
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
  const partitionOfDevice = new Uint32Array(count);
  const id = new Uint8Array(nameMost);
  for (let device = 0; device < count; device++) {
    if (device < devices) {
      writeName(id, 0, letters.id, width, device);
      partitionOfDevice[device] = partitionOf(id, 0, width, partitions);
    } else {
      partitionOfDevice[device] = Math.floor((device - devices) / quorum);
    }
  }

  function homeOf(device: number): number {
    return device < devices && (device & 1) === 1 && sharesHome(device) ? device - 1 : device;
  }

  function describe(device: number, home: number, into: NamedReading): void {
    const { names } = into;
    into.idStart = 0;
    if (device < devices) {
      writeName(names, 0, letters.id, width, device);
      into.idBytes = names;
      into.idEnd = width;
      // The same digits, but for the last of an odd device that lives with its neighbour.
      names[nameMost] = letters.home;
      for (let at = 1; at < width; at++) names[nameMost + at] = names[at]!;
      names[nameMost + width - 1] = names[width - 1]! - (device - home);
    } else {
      const id = reserved[device - devices]!;
      into.idBytes = id;
      into.idEnd = id.length;
      writeName(names, nameMost, letters.home, width, home);
    }
    into.homeBytes = names;
    into.homeStart = nameMost;
    into.homeEnd = nameMost + width;
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
  writeDigits(target, start + 2, n, width - 2);
}

function equal(id: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (id.length !== end - start) return false;
  for (let i = 0; i < id.length; i++) if (id[i] !== bytes[start + i]) return false;
  return true;
}
