/**
 * Which partition a key belongs to, the oracle's own. Source: Kafka, `Utils.murmur2` and
 * `BuiltInPartitioner.partitionForKey` (its sign bit is dropped, not its absolute value taken).
 */
export function keyPartition(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitions;
}

function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995;
  const whole = bytes.length - (bytes.length % 4);
  let h = 0x9747b28c ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) h ^= bytes[at]! << (8 * (at - whole));
    h = Math.imul(h, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}
