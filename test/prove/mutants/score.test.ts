import { expect, test } from "vitest";
import type { Mutant } from "./mutate-file.ts";
import { isAlive, percentOf, scoreOf } from "./score.ts";

const mutant = (status: Mutant["status"], statusReason?: string): Mutant => ({
  ...{ id: "1", fileName: "a.ts", mutatorName: "BooleanLiteral", replacement: "true" },
  ...{ location: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } }, status },
  ...(statusReason === undefined ? {} : { statusReason }),
});

test("noticed is what a test failed on, or what was ended; what no test reaches, or broke it, is not", () => {
  expect((["Killed", "Timeout"] as const).map((status) => isAlive(mutant(status)))).toEqual([
    false,
    false,
  ]);
  const others = ["Survived", "NoCoverage", "RuntimeError", "CompileError", "Pending"] as const;
  expect(others.filter((status) => isAlive(mutant(status)))).toEqual(others);
});

test("of those that were ended the ones by time are told apart; texts left as they are do not count", () => {
  const mutants = [
    mutant("Killed"),
    mutant("Survived"),
    mutant("Timeout", "Hit limit reached (501/500)"),
    mutant("Timeout"),
    mutant("Ignored"),
  ];
  const score = scoreOf(mutants);
  expect(score).toEqual({ mutants: 4, noticed: 3, byTime: 1 });
  expect(percentOf(score)).toBe(75);
  expect(percentOf(scoreOf([mutant("Ignored")]))).toBe(100);
});
