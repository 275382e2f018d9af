/**
 * Contributor digest: two order-independent 32-bit sums of keyed hashes of the reading identities in a
 * window, so that a missing or doubled member can be solved for and named. Hot path: the device's part
 * is hashed once per device, a reading costs four multiplications and two finalizers.
 * Source: contract.md, "Digest"; MurmurHash3_x86_32 by Austin Appleby (public domain, SMHasher).
 */

/** MurmurHash3 x86_32 of `bytes[start, end)`, as a signed 32-bit word. */
export function murmur3(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let h = seed | 0;
  const wholeEnd = start + ((end - start) & ~3);
  for (let i = start; i < wholeEnd; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    h ^= scramble(word);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = end - 1; i >= wholeEnd; i--) tail = (tail << 8) | bytes[i]!;
  if (end > wholeEnd) h ^= scramble(tail);
  return fmix(h ^ (end - start));
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

/** MurmurHash3's finalizer: every input bit reaches every output bit. */
function fmix(word: number): number {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The device's part of `lo`; `key` is the first word of the digest key. */
export function deviceLo(id: Uint8Array, start: number, end: number, key: number): number {
  return murmur3(id, start, end, key);
}

/** The device's part of `hi`; `key` is the second word of the digest key. */
export function deviceHi(id: Uint8Array, start: number, end: number, key: number): number {
  return murmur3(id, start, end, key ^ 0xc2b2ae3d);
}

/** Low word of one reading, given `deviceLo`. */
export function readingLo(device: number, boot: number, seq: number): number {
  return fmix(device ^ Math.imul(boot + 1, 0x9e3779b1) ^ Math.imul(seq + 1, 0x85ebca77));
}

/** High word of one reading, given `deviceHi`. */
export function readingHi(device: number, boot: number, seq: number): number {
  return fmix(device ^ Math.imul(boot + 1, 0x27d4eb2f) ^ Math.imul(seq + 1, 0x165667b1));
}

/**
 * Sixteen lower-case hex digits at `offset` of `target`, `hi` first: a JSON number would lose digits
 * above 2^53. Returns the offset after them. (`toString(16)` and padding took a sixth of an emission.)
 */
export function writeDigest(target: Uint8Array, offset: number, hi: number, lo: number): number {
  for (let digit = 0; digit < 8; digit++) {
    const shift = 28 - digit * 4;
    target[offset + digit] = hexDigits[(hi >>> shift) & 15]!;
    target[offset + 8 + digit] = hexDigits[(lo >>> shift) & 15]!;
  }
  return offset + 16;
}

const hexDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
