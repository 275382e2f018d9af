/**
 * Numbers as record batches hold them: zigzag, in groups of seven bits, the lowest first. Hot path.
 * Source: Kafka documentation, "Record"; Protocol Buffers' varints.
 */

/** Writes a zigzag varint and returns where it ends. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

export function varintSize(value: number): number {
  const rest = ((value << 1) ^ (value >> 31)) >>> 0;
  if (rest < 0x80) return 1;
  if (rest < 0x4000) return 2;
  if (rest < 0x20_0000) return 3;
  return rest < 0x1000_0000 ? 4 : 5;
}

/** As `writeVarint`, for times: beyond 32 bits, exact within ±2^52. */
export function writeVarlong(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = zigzag(value);
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Bytes of `writeVarlong` beyond the first. */
export function moreOfVarlong(value: number): number {
  let more = 0;
  for (let rest = zigzag(value); rest > 0x7f; rest = Math.floor(rest / 0x80)) more += 1;
  return more;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
