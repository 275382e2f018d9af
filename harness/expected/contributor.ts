/**
 * The contributor digest of `contract.md`: what one reading adds to the two sums of its window. The oracle's
 * own; vectors of the contract in the tests.
 */
import { fmix, murmur3 } from "./murmur3.ts";

export type DigestKey = readonly [number, number];

/** The share of the device id in both words: constant for a device, so it is kept. */
export type DeviceHash = { readonly hi: number; readonly lo: number };

export function deviceHash(id: Uint8Array, key: DigestKey): DeviceHash {
  return { lo: murmur3(id, key[0]), hi: murmur3(id, key[1] ^ 0xc2b2ae3d) };
}

/** Unsigned; `base` is `DeviceHash.lo`. */
export function contributionLo(base: number, boot: number, seq: number): number {
  return fmix(base ^ Math.imul(boot + 1, 0x9e3779b1) ^ Math.imul(seq + 1, 0x85ebca77));
}

/** Unsigned; `base` is `DeviceHash.hi`. */
export function contributionHi(base: number, boot: number, seq: number): number {
  return fmix(base ^ Math.imul(boot + 1, 0x27d4eb2f) ^ Math.imul(seq + 1, 0x165667b1));
}
