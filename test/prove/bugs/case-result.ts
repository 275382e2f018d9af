/** What came of one case, as it is kept between two commands. */
import type { BugCase } from "./bug-case.ts";

export type CaseResult = {
  readonly id: string;
  readonly bug: string;
  /** Of the case as it was then: another one is proven anew. */
  readonly proofOf: string;
  readonly verdict: string;
  /** What `fleetproof verify` without the bug made of the same run, where a case asks for it. */
  readonly verified?: string;
  /** Of all findings, each once. */
  readonly classes: readonly string[];
  /** How much it took: `seed 71; 4 of 100`, `180,146 readings`. */
  readonly until: string;
  readonly seconds: number;
  /** Why there is no verdict, or the reasons of it. */
  readonly why: readonly string[];
};

/** The declared verdicts and, where there are findings, one of the declared classes among them. */
export function isProven({ expected, verified }: BugCase, result: CaseResult): boolean {
  const { verdict, classes } = result;
  if (verdict !== expected.verdict || result.verified !== verified) return false;
  return expected.classes.length === 0 || expected.classes.some((name) => classes.includes(name));
}

/** What the result is a result of. */
export function proofOf({ bug, expected, verified, proof }: BugCase): string {
  return JSON.stringify({ bug, expected, verified, proof });
}
