/** Growing the typed arrays of the window state, and comparing bytes in them. */

export const noEntry = -1;

/** A copy of `column` with `length` numbers; the new ones are 0. */
export function grownInt32(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(column);
  return grown;
}

export function grownBytes(column: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(column);
  return grown;
}

/**
 * So many places instead of `places`: doubled, and half as many again where doubling would be tens
 * of megabytes. What is not used yet costs no memory, as the system gives pages out when they are
 * written; the copy does for a moment.
 */
export function grownPlaces(places: number): number {
  return places < 1 << 18 ? places * 2 : places + (places >>> 1);
}

/**
 * Equality of two byte ranges. Ids are short: a loop beats a call into native code. From the end,
 * where ids of one fleet differ.
 */
export function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart;
  if (length !== bEnd - bStart) return false;
  for (let i = length - 1; i >= 0; i--) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
