/**
 * Which devices of a window are looked for: a seeded sample, the same in every run of a seed. Pure.
 */

/**
 * One device in so many, but never more than `sampledMax` of one window: a probe must not be a
 * load.
 */
const sampledOneIn = 500;
export const sampledMax = 50;

/** Distinct device indices, ascending. At least one when there are devices. */
export function sampleDevices(seed: number, devices: number, windowStart: number): number[] {
  const wanted = Math.min(sampledMax, Math.max(1, Math.round(devices / sampledOneIn)), devices);
  const sample = new Set<number>();
  for (let draw = 0; sample.size < wanted; draw++) {
    const word = mix(mix(mix(seed) ^ Math.floor(windowStart / 1_000)) ^ draw);
    sample.add(word % devices);
  }
  return [...sample].sort((a, b) => a - b);
}

/** A 32-bit integer mixer (the "lowbias32" of Chris Wellons' hash prospector). */
function mix(value: number): number {
  let word = (value ^ (value >>> 16)) >>> 0;
  word = Math.imul(word, 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}
