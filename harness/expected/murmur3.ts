/**
 * MurmurHash3 x86_32, the oracle's own: the pipeline has another, and neither may call the other's.
 * Source: A. Appleby, SMHasher, MurmurHash3.cpp (`MurmurHash3_x86_32`, `fmix32`).
 */

/** Unsigned. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const whole = bytes.length - (bytes.length % 4);
  let h = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    h = rotate(h ^ scramble(word), 13);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at--) tail = (tail << 8) | bytes[at]!;
  h ^= scramble(tail);
  return fmix(h ^ bytes.length);
}

/** The finalizer: every bit of the input changes about half of the output. Unsigned. */
export function fmix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function scramble(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
