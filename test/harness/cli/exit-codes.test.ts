import { expect, test } from "vitest";
import type { Verdict } from "../../../harness/checks/verdict.ts";
import { exitCodeOf } from "../../../harness/cli/exit-codes.ts";

test("the first line of the contract's table that applies gives the exit code", () => {
  const cases: readonly [Verdict, interrupted: boolean, thresholdMissed: boolean, code: number][] =
    [
      ["PASS", false, false, 0],
      ["PASS", false, true, 4],
      ["PASS", true, true, 130],
      ["UNKNOWN", false, true, 5],
      ["UNKNOWN", true, false, 130],
      ["INVALID", false, true, 6],
      ["INVALID", true, false, 130],
      ["FAIL", false, true, 3],
      ["FAIL", true, true, 3],
    ];
  for (const [verdict, interrupted, thresholdMissed, code] of cases) {
    expect(exitCodeOf({ verdict, interrupted, thresholdMissed })).toBe(code);
  }
});
