import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestName } from "../../../harness/scenario/nearest-name.ts";
import {
  printDuration,
  printShare,
  readDuration,
  readRate,
  readShare,
} from "../../../harness/scenario/units.ts";

test.each([
  ["10b/day", 1e10 / 86_400],
  ["115741/s", 115_741],
  ["100k/s", 100_000],
  ["6m/h", 6e6 / 3_600],
  ["90 K/min", 1_500],
])("%s is a rate", (text, value) => {
  expect(readRate(text)).toEqual({ value });
});

test.each([["10"], ["10/week"], ["b/day"], ["-1/s"], ["0/s"], [10], [null]])(
  "%s is no rate",
  (text) => {
    expect(readRate(text)).toHaveProperty("fault");
  },
);

test("a duration that is printed reads back as itself", () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (ms) => {
      expect(readDuration(printDuration(ms))).toEqual({ value: ms });
    }),
  );
});

test("a share that is printed reads back as itself", () => {
  fc.assert(
    fc.property(fc.nat(100_000_000), (millionths) => {
      const share = Number((millionths / 1e8).toPrecision(12));
      const read = readShare(printShare(share));
      expect("value" in read && read.value).toBeCloseTo(share, 12);
    }),
  );
});

test("the nearest name is one slip away, or none is offered", () => {
  const known = ["grace", "size", "retention"];
  expect(nearestName("garce", known)).toBe("grace");
  expect(nearestName("Retentoin", known)).toBe("retention");
  expect(nearestName("quorum", known)).toBeUndefined();
});
