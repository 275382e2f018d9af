import fc from "fast-check";
import { expect, test } from "vitest";
import { writeDigits, writeWhole } from "../../../pipeline/contract/decimal.ts";

/** What was written from offset 2 on; what lies around it must stay. */
function written(write: (target: Uint8Array, offset: number) => number): string {
  const target = Buffer.alloc(24, "x");
  const end = write(target, 2);
  expect([target.toString("latin1", 0, 2), target.toString("latin1", end)]).toEqual([
    "xx",
    "x".repeat(24 - end),
  ]);
  return target.toString("latin1", 2, end);
}

const wholes = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.integer({ min: -20, max: 1_100 }),
  fc
    .integer({ min: 0, max: 15 })
    .chain((zeros) => fc.integer({ min: -1, max: 1 }).map((near) => 10 ** zeros + near)),
);

test("a whole number is written as String says it", () => {
  fc.assert(
    fc.property(wholes, (value) => {
      expect(written((target, offset) => writeWhole(target, offset, value))).toBe(String(value));
    }),
  );
});

test("digits come with leading zeros", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 10, max: 14 }), (value, digits) => {
      const text = String(value).padStart(digits, "0");
      expect(written((target, offset) => writeDigits(target, offset, value, digits))).toBe(text);
    }),
  );
});
