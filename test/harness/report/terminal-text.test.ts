import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bothRates,
  cutTo,
  grouped,
  shareText,
  shortMs,
  wrap,
} from "../../../harness/report/terminal-text.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [8_101_852, "8,101,852"],
])("%d is %s", (value, text) => {
  expect(grouped(value)).toBe(text);
});

test.each([
  [0.04, "0.0 ms"],
  [9.94, "9.9 ms"],
  [19.4, "19 ms"],
  [999.6, "1.0 s"],
  [61_000, "61 s"],
])("%d ms is %s", (ms, text) => {
  expect(shortMs(ms)).toBe(text);
});

test("a rate is said both ways", () => {
  expect(bothRates(10e9 / 86_400)).toBe("10.00 b/day = 115,741/s");
  expect(bothRates(100)).toBe("8.64 m/day = 100/s");
});

test("a share just missed does not look reached", () => {
  expect(shareText(0.989_999)).toBe("98.99%");
  expect(shareText(0.99)).toBe("99.00%");
  expect(shareText(1)).toBe("100.00%");
});

test("wrapping loses no word, and breaks only between words", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 60 }), (all, width) => {
      const lines = wrap(all.join(" "), width, "    ");
      expect(lines.join(" ").split(/ +/)).toEqual(all);
      expect(lines.every((line) => line.length <= width)).toBe(true);
    }),
  );
});

test("what is cut says so", () => {
  expect(cutTo("abcdef", 4)).toBe("abc…");
  expect(cutTo("abcd", 4)).toBe("abcd");
});
