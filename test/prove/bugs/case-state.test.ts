import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aggregatorCases } from "./aggregator-cases.ts";
import { type CaseResult, proofOf } from "./case-result.ts";
import { openCaseState } from "./case-state.ts";

const bugCase = aggregatorCases[0]!;
const result: CaseResult = {
  id: bugCase.id,
  bug: bugCase.bug,
  proofOf: proofOf(bugCase),
  verdict: "FAIL",
  classes: ["duplicate"],
  until: "1 reading",
  seconds: 1,
  why: [],
};

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-cases-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "state", "cases.json");
}

test("what was tried is found again by a proof that resumes, and by no other", () => {
  const file = freshFile();
  openCaseState(file, false).add(result);
  expect(openCaseState(file, true).find(bugCase, bugCase.bug)).toEqual(result);
  expect(openCaseState(file, true).find(bugCase, "none")).toBeUndefined();
  expect(openCaseState(file, false).find(bugCase, bugCase.bug)).toBeUndefined();
});

test("the result of a case that has changed since does not count", () => {
  const file = freshFile();
  openCaseState(file, false).add(result);
  const changed = { ...bugCase, expected: { verdict: "PASS", classes: [] } } as const;
  expect(openCaseState(file, true).find(changed, bugCase.bug)).toBeUndefined();
});
