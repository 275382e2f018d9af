import { expect, test } from "vitest";
import { learnPlace } from "../../../harness/observe/document-place.ts";

const windowStart = Date.UTC(2026, 0, 15, 23, 55);
const seen = { device: "t-0000042", windowStart };
const tomorrow = { device: "t-7", windowStart: Date.UTC(2026, 0, 16, 0, 0) };

test.each([
  ["t-0000042_1768521300000", "t-7_1768521600000"],
  ["t-0000042_2026-01-15T23:55:00.000Z", "t-7_2026-01-16T00:00:00.000Z"],
  ["2026-01-15T23:55:00Z|t-0000042", "2026-01-16T00:00:00Z|t-7"],
])("the id %s is learned, and says where another device and window lie", (id, other) => {
  const placeOf = learnPlace({ ...seen, index: "r1-temperatures", id })!;
  expect(placeOf(seen)).toEqual({ index: "r1-temperatures", id });
  expect(placeOf(tomorrow)).toEqual({ index: "r1-temperatures", id: other });
});

test.each([
  ["r1-temperatures-2026.01.15", "r1-temperatures-2026.01.16"],
  ["r1-temperatures-2026-01-15", "r1-temperatures-2026-01-16"],
  ["r1_20260115", "r1_20260116"],
])("the day in the name of the index %s is the window's", (index, other) => {
  const placeOf = learnPlace({ ...seen, index, id: "t-0000042_1768521300000" })!;
  expect(placeOf(tomorrow).index).toBe(other);
});

test.each([
  "t-0000042", // Every window would be the same document.
  "1768521300000",
  "t-0000042_1768521300000_7", // A revision, a room: nobody knows the others'.
  "r1.temperatures.aggregated+3+4711",
  "",
])("the id %j is none that can be known of others", (id) => {
  expect(learnPlace({ ...seen, index: "r1", id })).toBeUndefined();
});

test("what a device is called is taken as it is", () => {
  const odd = { device: "a$&b", windowStart };
  const placeOf = learnPlace({ ...odd, index: "r1", id: `a$&b_${windowStart}` })!;
  expect(placeOf({ ...tomorrow, device: "$1" }).id).toBe("$1_1768521600000");
});
