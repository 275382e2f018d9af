/**
 * The simulator's own integer mixer: every property of a device or reading is a draw from it, so that the plan
 * needs no generator state. Not the hash of the contributor digest, which belongs to pipeline and oracle.
 * Source: C. Wellons, "Prospecting for hash functions" (`lowbias32`, bias 0.174).
 */

/** A bijection on 32-bit words; the result is unsigned. */
export function scramble(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The `draw`-th independent word that follows from `word`. Draws are numbered from 1: 0 is `word` scrambled. */
export function drawFrom(word: number, draw: number): number {
  return scramble(word + Math.imul(draw, 0x9e3779b1));
}

/** The word of a seed: any safe integer, all 53 bits of which count. */
export function seedWord(seed: number): number {
  const high = Math.floor(seed / 0x1_0000_0000);
  return scramble(scramble(high ^ 0x5eed) ^ (seed % 0x1_0000_0000));
}
