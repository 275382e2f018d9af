import { expect, test } from "vitest";
import { linePath } from "../../../../harness/report/chart/line-path.ts";
import { stretchesOf } from "../../../../harness/report/chart/stretches.ts";

test("a line is broken where nothing was seen for too long; what stands alone is a dot", () => {
  const places = [0, 0.1, 0.2, 0.6, 0.9, 1].map((x) => ({ x, y: 0.5 }));
  expect(linePath(places, 0.15, 100)).toEqual({
    joined: "M0.0 50.0L10.0 50.0L20.0 50.0M90.0 50.0L100.0 50.0",
    alone: "M60.0 50.0h0",
  });
  expect(linePath([], 1, 100)).toEqual({ joined: "", alone: "" });
});

test("stretches hold the highest of each line, and none where nothing was seen", () => {
  const one = {
    points: [
      { x: 0, y: 1 },
      { x: 500, y: 7 },
      { x: 9_000, y: 2 },
    ],
  };
  const other = { points: [{ x: 400, y: 3 }] };
  expect(stretchesOf([one, other], { max: 3, least: 1_000 })).toEqual([
    { from: 0, to: 3_000, highest: [7, 3] },
    { from: 6_000, to: 9_000, highest: [2, undefined] },
  ]);
  expect(stretchesOf([], { max: 3, least: 1 })).toEqual([]);
});
