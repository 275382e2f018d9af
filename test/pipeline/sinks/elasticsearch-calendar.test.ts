/** Which time an index holds, read from its name. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSuffix } from "../../../pipeline/kcql/index-suffix.ts";
import {
  type IndexCalendar,
  indexCalendar,
} from "../../../pipeline/sinks/elasticsearch/index-calendar.ts";
import { indexNames, nameFault } from "../../../pipeline/sinks/elasticsearch/index-names.ts";
import { elasticsearchKcql } from "./sample-jobs.ts";
import { dayMs, midnight, statementOf } from "./sample-writes.ts";

const suffixes = [
  "-{yyyy.MM.dd}",
  "_{yyyy}_{MM}-{dd}",
  "-{yyyyMMddHH}",
  "-{dd.MM.yyyy}",
  "-{yyyy.MM}",
  "-{yy}",
  "{yyyy-MM-dd}-{HH-mm-ss}x",
];

function calendarOf(suffix: string): IndexCalendar | undefined {
  return indexCalendar(suffix, formatOf(suffix));
}

function formatOf(suffix: string): (timeMs: number) => string {
  const checked = checkSuffix(suffix);
  if (!checked.ok) throw new Error(checked.message);
  return checked.format;
}

test("what the suffix gives for a time parses to the end of the stretch that holds the time", () => {
  const times = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 11, 31) });
  fc.assert(
    fc.property(fc.constantFrom(...suffixes), times, (suffix, timeMs) => {
      const calendar = calendarOf(suffix)!;
      const endMs = calendar.endOf(timeMs);
      expect(endMs).toBeGreaterThan(timeMs);
      const format = formatOf(suffix);
      expect(calendar.parse(format(timeMs))).toBe(endMs);
      expect(format(endMs - 1)).toBe(format(timeMs));
      expect(format(endMs)).not.toBe(format(timeMs));
    }),
  );
});

test.each([
  ["-{yyyy.MM.dd}", dayMs],
  ["-{yyyyMMddHH}", 3_600_000],
  ["-{yyyy.MM}", 31 * dayMs - 14 * dayMs],
])("the stretch of %s is that of its smallest unit", (suffix, lengthMs) => {
  expect(calendarOf(suffix)!.endOf(midnight)).toBe(midnight + lengthMs);
});

test.each(["", "-static", "-{MM.dd}", "-{dd}", "-{yyyy.dd}", "-{yyyy.MM-HH}"])(
  "a suffix '%s' leads back to no date",
  (suffix) => {
    expect(calendarOf(suffix)).toBeUndefined();
  },
);

test("a week-based year or a day of the year, which compat mode takes, leads back to no date", () => {
  for (const suffix of ["-{YYYY-MM-dd}", "-{yyyy-DDD}", "-{yyyy-MM-dd'T'}", "-{yyyy-MM-d}"]) {
    expect(indexCalendar(suffix, () => "")).toBeUndefined();
  }
});

test.each([
  "-2026.01.15-backup",
  "-2026.1.15",
  "-2026.02.30",
  "-2026.13.01",
  "-02026.01.15",
  "-2026-01-15",
  "-2026.01.15\n",
  "-",
  "x-2026.01.15",
  "-２０２６.01.15",
])("'%s' is not what -{yyyy.MM.dd} writes", (text) => {
  expect(calendarOf("-{yyyy.MM.dd}")!.parse(text)).toBeUndefined();
});

test("names are read by the letter: target and suffix, nothing before, between or after", () => {
  const names = indexNames(statementOf(elasticsearchKcql("te.mps")));
  const endMs = midnight + dayMs;
  expect(names.pattern).toBe("te.mps-*");
  expect(names.placeOf(midnight)).toMatchObject({ index: "te.mps-2026.01.15", endMs });
  expect(names.read("te.mps-2026.01.15")).toMatchObject({ index: "te.mps-2026.01.15", endMs });
  for (const other of ["texmps-2026.01.15", ".ds-te.mps-2026.01.15", "te.mps-2026x01x15"]) {
    expect(names.read(other)).toBeUndefined();
  }
});

test.each([
  ["temps", undefined],
  ["température-2026", undefined],
  ["*", "holds"],
  ["a,b", "holds"],
  ["../a", "holds"],
  ["a b", "holds"],
  ["a:b", "holds"],
  ["Temps", "small letters"],
  ["-all", "begin"],
  ["_all", "begin"],
  [".kibana", "begin"],
  ["", "needs a name"],
  ["x".repeat(256), "longer"],
])("of an index called '%s' the fault is: %s", (name, fault) => {
  if (fault === undefined) expect(nameFault(name)).toBeUndefined();
  else expect(nameFault(name)).toContain(fault);
});
