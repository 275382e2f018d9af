/** Index suffixes: dates in UTC, letters as Java's where both mean the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSuffix, suffixWildcard } from "../../../pipeline/kcql/index-suffix.ts";

function format(suffix: string, iso: string): string {
  const checked = checkSuffix(suffix);
  return checked.ok ? checked.format(Date.parse(iso)) : checked.message;
}

test.each([
  ["-{yyyy.MM.dd}", "2026-01-15T23:59:59.999Z", "-2026.01.15"],
  ["-{yyyy.MM.dd}", "2026-01-16T00:00:00.000Z", "-2026.01.16"],
  ["{yyyy-MM-dd}", "2018-12-31T12:00:00Z", "2018-12-31"],
  ["_{yy}_{MM}_x", "2004-02-29T00:00:00Z", "_04_02_x"],
  ["{yyyyMMdd_HHmmss}", "2026-01-15T01:02:03Z", "20260115_010203"],
  ["_static", "2026-01-15T01:02:03Z", "_static"],
  ["", "2026-01-15T01:02:03Z", ""],
])("%s at %s", (suffix, iso, text) => {
  expect(format(suffix, iso)).toBe(text);
});

test.each([
  ["{YYYY-MM-dd}", /year of the week/],
  ["{yyyy-MM-DD}", /day of the year/],
  ["{yyyy-M-d}", /no date field/],
  ["{}", /empty date pattern/],
  ["{yyyy", /braces/],
  ["yyyy}", /braces/],
  ["{a{yyyy}}", /braces/],
])("%s is refused", (suffix, why) => {
  expect(format(suffix, "2026-01-15T00:00:00Z")).toMatch(why);
});

test("the wildcard matches what the format gives", () => {
  expect(suffixWildcard("-{yyyy.MM.dd}")).toBe("-*");
  expect(suffixWildcard("_static")).toBe("_static");
});

test("a day's suffix is the day of toISOString, for any time", () => {
  const times = fc.date({
    min: new Date(0),
    max: new Date("2999-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  const checked = checkSuffix("{yyyy-MM-dd}");
  fc.assert(
    fc.property(times, (date) => {
      expect(checked.ok && checked.format(date.getTime())).toBe(date.toISOString().slice(0, 10));
    }),
  );
});
