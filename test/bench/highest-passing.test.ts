import { expect, test } from "vitest";
import { highestPassing } from "./highest-passing.ts";

test.each([0, 1, 2, 7, 11, 12])(
  "the last of twelve steps that passes is found: %d",
  async (last) => {
    const played: number[] = [];
    const found = await highestPassing(12, 3, async (step) => {
      played.push(step);
      return step <= last;
    });
    expect(found).toBe(last);
    expect(played.filter((step) => step === last)).toHaveLength(last === 0 ? 0 : 3);
    expect(played.filter((step) => step !== last).length).toBeLessThanOrEqual(4);
  },
);

test("a step that passes only the first time is none; the next lower one is looked for", async () => {
  let sevens = 0;
  const found = await highestPassing(8, 2, async (step) => {
    if (step === 7) sevens += 1;
    return step < 7 || (step === 7 && sevens === 1);
  });
  expect([found, sevens]).toEqual([6, 2]);
});
