/**
 * Avro single-object encoding of a reading: C3 01, the schema's 8-byte CRC-64-AVRO fingerprint (little
 * endian), the binary body. Readable by any Avro library. Hot path: written straight into a caller's
 * buffer and read without allocating; the slow, obvious counterpart in the tests is `avsc`.
 * Source: Avro specification 1.12, "Single-object encoding" and "Binary encoding".
 */
import { models, type RawReading } from "./reading.ts";

/** Marker and fingerprint of `readingSchema`'s parsing canonical form. A test recomputes it with avsc. */
export const readingAvroHeader = Uint8Array.from([
  0xc3, 0x01, 0x91, 0x60, 0x57, 0x95, 0xf0, 0x2a, 0x30, 0xc0,
]);

/** No reading that `writeReadingAvro` accepts is longer, given ids of at most 255 bytes. */
export const readingAvroMaxBytes = 10 + 2 * (2 + 255) + 1 + 10 * 5;

/** Writes the reading at `offset` of `target`; returns the offset after it. `at` must be a safe integer. */
export function writeReadingAvro(target: Uint8Array, offset: number, reading: RawReading): number {
  for (let i = 0; i < 10; i++) target[offset + i] = readingAvroHeader[i]!;
  let o = offset + 10;
  const idLength = reading.idEnd - reading.idStart;
  o = writeInt(target, o, idLength);
  for (let i = reading.idStart; i < reading.idEnd; i++) target[o++] = reading.idBytes[i]!;
  const homeLength = reading.homeEnd - reading.homeStart;
  o = writeInt(target, o, homeLength);
  for (let i = reading.homeStart; i < reading.homeEnd; i++) target[o++] = reading.homeBytes[i]!;
  o = writeInt(target, o, reading.model);
  o = writeInt(target, o, reading.boot);
  o = writeInt(target, o, reading.seq);
  o = writeLong(target, o, reading.at);
  o = writeInt(target, o, reading.temperature);
  o = writeInt(target, o, reading.target);
  o = writeInt(target, o, reading.humidity);
  o = writeInt(target, o, reading.battery);
  target[o++] = reading.heating ? 1 : 0;
  return o;
}

/** Fills `into` from `bytes[start, end)`; false when these bytes are not one whole reading and nothing else. */
export function readReadingAvro(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: RawReading,
): boolean {
  if (end - start < 10) return false;
  for (let i = 0; i < 10; i++) if (bytes[start + i] !== readingAvroHeader[i]) return false;
  position = start + 10;
  limit = end;
  const idLength = readInt(bytes);
  if (!(idLength >= 0 && idLength <= limit - position)) return false;
  into.idBytes = bytes;
  into.idStart = position;
  position += idLength;
  into.idEnd = position;
  const homeLength = readInt(bytes);
  if (!(homeLength >= 0 && homeLength <= limit - position)) return false;
  into.homeBytes = bytes;
  into.homeStart = position;
  position += homeLength;
  into.homeEnd = position;
  into.model = readInt(bytes);
  into.boot = readInt(bytes);
  into.seq = readInt(bytes);
  into.at = readLong(bytes);
  into.temperature = readInt(bytes);
  into.target = readInt(bytes);
  into.humidity = readInt(bytes);
  into.battery = readInt(bytes);
  if (position !== limit - 1) return false;
  const heating = bytes[position];
  into.heating = heating === 1;
  return (
    (heating === 0 || heating === 1) &&
    into.model >= 0 &&
    into.model < models.length &&
    into.boot >= 0 &&
    into.seq >= 0 &&
    Number.isSafeInteger(into.at)
  );
}

/** Reader state: module variables, because an object for each reading would be the decoder's whole cost. */
let position = 0;
let limit = 0;

function writeInt(target: Uint8Array, offset: number, value: number): number {
  let o = offset;
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  while (zigzag > 0x7f) {
    target[o++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  target[o++] = zigzag;
  return o;
}

function writeLong(target: Uint8Array, offset: number, value: number): number {
  let o = offset;
  // In two halves of 32 bits: shifts cut numbers to that, and division of doubles costs many times as much.
  const magnitude = value < 0 ? -(value + 1) : value;
  let high = Math.floor(magnitude / 0x8000_0000);
  let low = ((magnitude - high * 0x8000_0000) * 2 + (value < 0 ? 1 : 0)) >>> 0;
  while (high > 0 || low > 0x7f) {
    target[o++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  target[o++] = low;
  return o;
}

/**
 * A zigzag int of at most 5 bytes; moves past `limit` when the bytes end or the number is too long.
 * Most take one.
 */
function readInt(bytes: Uint8Array): number {
  if (position < limit) {
    const only = bytes[position]!;
    if (only < 0x80) {
      position++;
      return (only >>> 1) ^ -(only & 1);
    }
  }
  return readLongerInt(bytes);
}

function readLongerInt(bytes: Uint8Array): number {
  let zigzag = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (position >= limit) break;
    const byte = bytes[position++]!;
    zigzag |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 28 && byte > 0x0f) break;
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }
  position = limit + 1;
  return -1;
}

/**
 * A zigzag long; NaN when it ends early, is longer than 10 bytes or is no safe integer. A time of
 * our days takes six bytes, which are put together as two words: multiplying doubles byte by byte
 * took three times as long.
 */
function readLong(bytes: Uint8Array): number {
  const from = position;
  if (from + 6 > limit) return readAnyLong(bytes);
  const b0 = bytes[from]!;
  const b1 = bytes[from + 1]!;
  const b2 = bytes[from + 2]!;
  const b3 = bytes[from + 3]!;
  const b4 = bytes[from + 4]!;
  const b5 = bytes[from + 5]!;
  if ((b0 & b1 & b2 & b3 & b4) < 0x80 || b5 >= 0x80) return readAnyLong(bytes);
  position = from + 6;
  const low = (b0 & 0x7f) | ((b1 & 0x7f) << 7) | ((b2 & 0x7f) << 14) | ((b3 & 0x7f) << 21);
  const half = ((b4 & 0x7f) | (b5 << 7)) * 0x800_0000 + (low >>> 1);
  return (low & 1) === 1 ? -half - 1 : half;
}

function readAnyLong(bytes: Uint8Array): number {
  let scale = 64;
  if (position >= limit) return fail();
  let byte = bytes[position++]!;
  const negative = (byte & 1) === 1;
  let value = (byte & 0x7f) >>> 1;
  for (let i = 1; byte >= 0x80; i++) {
    if (i === 10 || position >= limit) return fail();
    byte = bytes[position++]!;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
  const result = negative ? -value - 1 : value;
  return Number.isSafeInteger(result) ? result : fail();
}

function fail(): number {
  position = limit + 1;
  return Number.NaN;
}
