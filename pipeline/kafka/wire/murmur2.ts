/**
 * Where Kafka's own clients put a key: murmur2 of its bytes. Hot path: 32-bit arithmetic, no allocation.
 * Source: org.apache.kafka.common.utils.Utils#murmur2 and BuiltInPartitioner#partitionForKey.
 */
const seed = 0x9747b28c | 0;
const m = 0x5bd1e995;

/** Kafka's murmur2 of `bytes[start, end)`, as Java's signed 32-bit int. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  let h = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  if (at < end) {
    const rest = end - at;
    if (rest === 3) h ^= bytes[at + 2]! << 16;
    if (rest >= 2) h ^= bytes[at + 1]! << 8;
    h = Math.imul(h ^ bytes[at]!, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** The partition of a key among `partitions`. The sign bit is cut off, as Kafka's `toPositive` does. */
export function partitionOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  partitions: number,
): number {
  return (murmur2(bytes, start, end) & 0x7fffffff) % partitions;
}
