/**
 * The words of JSON as bytes: blanks, texts, numbers, `true`, `false`, `null`. Part of the hot path
 * of `json-fields.ts`, and as sure of nothing as that: blanks are spaces, texts are ASCII without
 * escapes. Every `skip…` goes from a position to the one behind what was read, or to -1 where that
 * is nothing of its kind; what lies at `end` or behind it is never read. Source: RFC 8259.
 */

const quote = 0x22;

export function skipBlanks(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === 0x20) at++;
  return at;
}

/** From behind the opening quote to behind the closing one. */
export function skipText(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return -1;
  }
  return -1;
}

export function skipWord(bytes: Buffer, at: number, end: number, word: string): number {
  const after = at + word.length;
  if (after > end) return -1;
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return -1;
  return after;
}

/** A minus, digits without a leading zero, a fraction, an exponent. */
export function skipNumber(bytes: Buffer, from: number, end: number): number {
  let at = from < end && bytes[from] === 0x2d ? from + 1 : from;
  if (at < end && bytes[at] === 0x30) at++;
  else at = skipDigits(bytes, at, end);
  if (at >= 0 && at < end && bytes[at] === 0x2e) at = skipDigits(bytes, at + 1, end);
  if (at >= 0 && at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    at = skipDigits(bytes, at, end);
  }
  return at;
}

/** One or more. */
function skipDigits(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at === from ? -1 : at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Of a number that `skipNumber` passed. */
export function toNumber(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === 0x2d;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return Number(bytes.toString("latin1", start, end));
    value = value * 10 + (bytes[at]! - 0x30);
  }
  // Up to there every step was exact.
  if (value > Number.MAX_SAFE_INTEGER) return Number(bytes.toString("latin1", start, end));
  return isNegative ? -value : value;
}
