/** Index suffixes: dates in UTC, letters as Java's where both mean the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSuffix, suffixWildcard } from "../../../pipeline/kcql/index-suffix.ts";

function format(suffix: string, iso: string, mode?: "strict" | "compat"): string {
  const checked = checkSuffix(suffix, mode);
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
  expect(format(suffix, iso, "strict")).toBe(text);
  expect(format(suffix, iso, "compat")).toBe(text);
});

test.each([
  ["{YYYY-MM-dd}", /year of the week/],
  ["{yyyy-MM-DD}", /day of the year/],
  ["{yyyy-M-d}", /no date field/],
  ["{}", /empty date pattern/],
  ["{yyyy", /braces/],
  ["yyyy}", /braces/],
  ["{a{yyyy}}", /braces/],
  ["{yyyy[MM]}", /a meaning of its own/],
])("%s is refused in strict mode", (suffix, why) => {
  expect(format(suffix, "2026-01-15T00:00:00Z", "strict")).toMatch(why);
});

/**
 * Printed by `DateTimeFormatter.ofPattern(pattern, Locale.US)` of a JDK 17, for a `LocalDateTime`
 * in UTC.
 */
test.each([
  ["YYYY-MM-dd", "2018-12-29T12:00:00Z", "2018-12-29"],
  ["YYYY-MM-dd", "2018-12-30T00:00:00Z", "2019-12-30"],
  ["YYYY-MM-dd", "2018-12-31T12:00:00Z", "2019-12-31"],
  ["YYYY-MM-dd", "2019-01-01T00:00:00Z", "2019-01-01"],
  ["YYYY-MM-dd", "2022-01-01T00:00:00Z", "2022-01-01"],
  ["YYYY-MM-dd", "2023-12-31T23:59:59Z", "2024-12-31"],
  ["YYYY.MM.DD", "2018-05-14T12:00:00Z", "2018.05.134"],
  ["YYYY.MM.DD", "2018-12-31T12:00:00Z", "2019.12.365"],
  ["DD", "2018-04-09T00:00:00Z", "99"],
  ["DDD", "2018-01-05T00:00:00Z", "005"],
  ["D", "2020-12-31T00:00:00Z", "366"],
  ["YY-ww", "2020-12-27T00:00:00Z", "21-01"],
  ["Y w W e", "2026-11-22T00:00:00Z", "2026 48 4 1"],
  ["yyyy-M-d", "2026-01-05T00:00:00Z", "2026-1-5"],
  ["uuuu-'w'w", "2021-01-02T00:00:00Z", "2021-w1"],
  ["yyyyMMdd'T'HHmmss", "2026-01-15T01:02:03Z", "20260115T010203"],
  ["h K k H", "2026-01-15T00:30:00Z", "12 0 24 0"],
  ["SSS A n", "2026-01-15T00:30:00.250Z", "250 1800250 250000000"],
  ["q QQ", "2026-08-15T00:00:00Z", "3 03"],
  ["[yyyy]''", "2026-08-15T00:00:00Z", "2026'"],
  ["yyyyy yy y", "2026-08-15T00:00:00Z", "02026 26 2026"],
  ["g F", "2026-08-15T00:00:00Z", "61267 1"],
])("Java prints {%s} at %s as %s, and so does compat mode", (pattern, iso, text) => {
  expect(format(`{${pattern}}`, iso)).toBe(text);
});

test.each([
  ["{yyyy-ddd}", /too many letters/],
  ["{yyyy-CC}", /no date field/],
  ["{yyyy'T}", /not closed/],
  ["{yyyy]}", /no '\['/],
  ["{yyyy#}", /reserved/],
  ["{MMM}", /gives a text/],
  ["{yyyyz}", /zone/],
  ["-{yyyy", /braces/],
])("%s is refused in compat mode, too", (suffix, why) => {
  expect(format(suffix, "2026-01-15T00:00:00Z")).toMatch(why);
});

test("an empty date is empty in compat mode", () => {
  expect(format("a{}b", "2026-01-15T00:00:00Z")).toBe("ab");
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
  const checked = checkSuffix("{yyyy-MM-dd}", "strict");
  fc.assert(
    fc.property(times, (date) => {
      expect(checked.ok && checked.format(date.getTime())).toBe(date.toISOString().slice(0, 10));
    }),
  );
});
