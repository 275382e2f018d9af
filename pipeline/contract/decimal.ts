/**
 * Whole numbers as decimal text, written straight into bytes. Hot path: a string for each number of a JSON reading, and
 * its encoding, would be most of the reading's cost. Three digits a division.
 */

const zero = 0x30;
const minus = 0x2d;
const billion = 1e9;

/** `000`, `001`, … `999`. */
const triples = Uint8Array.from({ length: 3_000 }, (_, at) => {
  const n = Math.floor(at / 3);
  return zero + [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10][at % 3]!;
});

/** As `String(value)` says it, at `offset`; returns the offset after it. `value`: a safe integer. */
export function writeWhole(target: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  if (rest < 0) {
    target[at++] = minus;
    rest = -rest;
  }
  if (rest < billion) return writeDigits(target, at, rest, digitsOf(rest));
  const billions = Math.floor(rest / billion);
  at = writeDigits(target, at, billions, digitsOf(billions));
  return writeDigits(target, at, rest - billions * billion, 9);
}

/** `value` with leading zeros, `digits` of them in all; it is below 2^32. Returns the offset after it. */
export function writeDigits(
  target: Uint8Array,
  offset: number,
  value: number,
  digits: number,
): number {
  let rest = value >>> 0;
  let at = offset + digits;
  while (at - offset >= 3) {
    at -= 3;
    const thousands = (rest / 1_000) >>> 0;
    const triple = 3 * (rest - 1_000 * thousands);
    target[at] = triples[triple]!;
    target[at + 1] = triples[triple + 1]!;
    target[at + 2] = triples[triple + 2]!;
    rest = thousands;
  }
  while (at > offset) {
    const tenth = (rest / 10) >>> 0;
    target[--at] = zero + rest - 10 * tenth;
    rest = tenth;
  }
  return offset + digits;
}

/** Of a number from 0 to 10^9. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let least = 10; value >= least; least *= 10) digits += 1;
  return digits;
}
