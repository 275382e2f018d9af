import { expect, test } from "vitest";
import { isRefused } from "../../../harness/expected/span.ts";

test("the span is half below the first seq and half above it; its upper end is outside", () => {
  const refused = (seq: number, spilled: Set<number>) => isRefused(64, 100, spilled, seq);
  for (const inside of [68, 69, 99, 100, 101, 131]) {
    const spilled = new Set<number>();
    expect(refused(inside, spilled)).toBe(false);
    expect(spilled.size).toBe(0);
  }
  for (const outside of [0, 67, 132, 133, 5_000]) {
    const spilled = new Set<number>();
    expect(refused(outside, spilled)).toBe(false);
    expect([...spilled]).toEqual([outside]);
  }
});

test("sixteen outside are kept; further ones are refused, those inside are not", () => {
  const spilled = new Set<number>();
  for (let seq = 500; seq < 516; seq++) expect(isRefused(64, 100, spilled, seq)).toBe(false);
  expect(isRefused(64, 100, spilled, 516)).toBe(true);
  expect(spilled.size).toBe(16);
  expect(isRefused(64, 100, spilled, 100)).toBe(false);
});
