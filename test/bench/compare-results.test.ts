import fc from "fast-check";
import { expect, test } from "vitest";
import { type BenchResult, rowOf } from "./bench-result.ts";
import { compareResults } from "./compare-results.ts";

function resultOf(values: readonly number[], better: "more" | "less" = "more"): BenchResult {
  const rows = [rowOf({ name: "fold", unit: "records/s", better, values: [...values] })];
  return { bench: "aggregate", machine: "2 × CPU", versions: {}, rows };
}

const change = (old: readonly number[], now: readonly number[], better?: "more" | "less") =>
  compareResults(resultOf(old, better), resultOf(now, better))[0];

test("the interval of two times five runs reaches from the third smallest ratio to the third largest", () => {
  const old = [100, 101, 102, 103, 104];
  const ratios = old.flatMap((a) => old.map((b) => b / a)).toSorted((a, b) => a - b);
  expect(change(old, old)).toEqual({
    name: "fold",
    unit: "records/s",
    ratio: 1,
    interval: [ratios[2], ratios[22]],
    change: "no difference shown",
  });
});

test("what is faster is better or worse, as the row says", () => {
  const [slow, fast] = [
    [100, 103, 98, 101, 99],
    [120, 119, 125, 118, 122],
  ];
  expect(change(slow, fast)?.change).toBe("better");
  expect(change(fast, slow)?.change).toBe("worse");
  expect(change(slow, fast, "less")?.change).toBe("worse");
  expect(change(slow, fast)?.ratio).toBeCloseTo(1.2, 1);
});

test("few runs, or runs that lie among one another, show no difference", () => {
  expect(change([100, 101, 102], [200, 201, 202])).toMatchObject({
    interval: undefined,
    change: "no difference shown",
  });
  expect(change([100, 110, 120, 130, 140], [105, 115, 125, 135, 150])?.change).toBe(
    "no difference shown",
  );
});

test("rows that only one of the results has are not compared", () => {
  const other = { ...resultOf([1, 2, 3, 4, 5]), rows: [] };
  expect(compareResults(other, resultOf([1, 2, 3, 4, 5]))).toEqual([]);
});

test("for equal sources a difference is shown in one comparison of twenty at most", () => {
  let shown = 0;
  const of = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 });
  const pairs = fc.sample(fc.tuple(of, of), { numRuns: 2_000, seed: 7 });
  for (const [old, now] of pairs) {
    if (change(old, now)?.change !== "no difference shown") shown += 1;
  }
  expect(shown).toBeGreaterThan(0);
  expect(shown / pairs.length).toBeLessThan(0.05);
});
