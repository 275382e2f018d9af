import fc from "fast-check";
import { expect, test } from "vitest";
import { downsample } from "../../../../harness/report/chart/downsample.ts";

const points = fc
  .array(fc.record({ dx: fc.integer({ min: 1, max: 90 }), y: fc.integer() }), {
    minLength: 1,
    maxLength: 3_000,
  })
  .map((steps) => {
    let x = 0;
    return steps.map(({ dx, y }) => {
      x += dx;
      return { x, y };
    });
  });

test("no more than asked, in order, with the ends, the lowest and the highest of all", () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 4, max: 700 }), (all, max) => {
      const fewer = downsample(all, max);
      expect(fewer.length).toBeLessThanOrEqual(max);
      expect(fewer.every(({ x }, at) => at === 0 || x > fewer[at - 1]!.x)).toBe(true);
      const ys = (of: typeof all) => of.map(({ y }) => y);
      expect(Math.max(...ys([...fewer]))).toBe(Math.max(...ys(all)));
      expect(Math.min(...ys([...fewer]))).toBe(Math.min(...ys(all)));
      expect([fewer[0], fewer.at(-1)]).toEqual([all[0], all.at(-1)]);
    }),
    { numRuns: 50 },
  );
});

test("what is short enough stays as it is", () => {
  const few = [
    { x: 0, y: 1 },
    { x: 1, y: 9 },
  ];
  expect(downsample(few)).toBe(few);
  expect(downsample([])).toEqual([]);
});
