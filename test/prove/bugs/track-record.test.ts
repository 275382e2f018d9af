import { expect, test } from "vitest";
import type { BugCase } from "./bug-case.ts";
import { type CaseResult, isProven, proofOf } from "./case-result.ts";
import { trackRecord } from "./track-record.ts";

const bugCase: BugCase = {
  id: "B12",
  bug: "forget",
  what: "it forgets",
  ancestor: "some/thing #1",
  trigger: "a crash",
  expected: { verdict: "FAIL", classes: ["wrong-aggregate", "masked"] },
  proof: { kind: "simulation", seedsMost: 10 },
  instead: "The other one is harmless.",
};
const found: CaseResult = {
  id: "B12",
  bug: "forget",
  proofOf: proofOf(bugCase),
  verdict: "FAIL",
  classes: ["masked", "stale-final"],
  until: "seed 5; 2 of 20",
  seconds: 1,
  why: [],
};
const of = { version: "1.2.3", day: "2026-11-23" };

test("a case is proven by the declared verdict with one of the declared classes", () => {
  expect(isProven(bugCase, found)).toBe(true);
  expect(isProven(bugCase, { ...found, classes: ["stale-final"] })).toBe(false);
  expect(isProven(bugCase, { ...found, verdict: "INVALID" })).toBe(false);
});

test("a bug of the harness is proven only where the sound harness says what is declared of the same run", () => {
  const ofHarness = { ...bugCase, verified: "PASS" } as const;
  expect(isProven(ofHarness, { ...found, verified: "PASS" })).toBe(true);
  expect(isProven(ofHarness, { ...found, verified: "FAIL" })).toBe(false);
  expect(isProven(ofHarness, found)).toBe(false);
  const tried = { bugCase: ofHarness, result: { ...found, verified: "PASS" } };
  expect(trackRecord([tried], of)).toContain("| FAIL, masked; verified without it: PASS |");
});

test("a verdict without findings needs no class", () => {
  const invalid = { ...bugCase, expected: { verdict: "INVALID", classes: [] } } as const;
  expect(isProven(invalid, { ...found, verdict: "INVALID", classes: [] })).toBe(true);
});

test("the record tells bug, ancestor, trigger, class, and what it took", () => {
  const sound = { ...found, bug: "none", verdict: "PASS", classes: [] };
  const text = trackRecord(
    [
      { bugCase, result: found },
      { bugCase, result: sound },
    ],
    of,
  );
  expect(text).toContain("**1 of 1 found**");
  expect(text).toContain("**1 of 1 runs judged PASS**");
  expect(text).toContain(
    "| B12 `forget` | it forgets | some/thing #1 | a crash | FAIL, masked | seed 5; 2 of 20 |",
  );
  expect(text).toContain("- B12 `forget`: The other one is harmless.");
});

test("a bug that was not found stands in the record as such", () => {
  const passed = { ...found, verdict: "PASS", classes: [] };
  const text = trackRecord([{ bugCase, result: passed }], of);
  expect(text).toContain("**0 of 1 found**");
  expect(text).toContain("NOT FOUND: PASS");
});
