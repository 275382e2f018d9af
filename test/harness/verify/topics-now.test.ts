import { expect, test } from "vitest";
import { topicTroubles } from "../../../harness/verify/topics-now.ts";

const whole = { starts: [0, 0], ends: [40, 50] };
type Extent = typeof whole | undefined;
const of = (raw: Extent, aggregated: Extent) =>
  topicTroubles(
    [
      ["raw", raw],
      ["aggregated", aggregated],
    ],
    "raw",
    [40, 50],
  );

test("topics that hold all from offset 0 can be audited again, grown ones too", () => {
  expect(of(whole, whole)).toEqual([]);
  expect(of({ starts: [0, 0], ends: [41, 99] }, whole)).toEqual([]);
});

test("a topic that is gone, cut by retention, or made anew is said by name", () => {
  expect(of(undefined, whole)).toEqual([expect.stringContaining("raw is no longer there")]);
  expect(of(whole, undefined)).toEqual([expect.stringContaining("aggregated is no longer there")]);
  const cut = { starts: [0, 7], ends: [40, 50] };
  expect(of(whole, cut)).toEqual([
    expect.stringContaining("retention has cut aggregated: partition 1 begins at offset 7"),
  ]);
  const anew = { starts: [0, 0], ends: [0, 0] };
  expect(of(anew, whole)).toEqual([expect.stringContaining("raw was made anew")]);
});

test("near miss: an aggregated topic that never held anything is empty, not made anew", () => {
  expect(of(whole, { starts: [0, 0], ends: [0, 0] })).toEqual([]);
});

test("a raw topic that lost only its end is audited: that is a loss, and has a name", () => {
  expect(of({ starts: [0, 0], ends: [39, 50] }, whole)).toEqual([]);
});
