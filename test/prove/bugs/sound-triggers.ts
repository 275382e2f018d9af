/** The distinct triggers of the cases: under each of them the sound pipeline must PASS. */
import type { BugCase } from "./bug-case.ts";

/**
 * One case for each live load that differs, and one for the simulation, whose seeds hold all of its
 * triggers.
 */
export function soundCases(cases: readonly BugCase[]): readonly BugCase[] {
  const first = new Map<string, BugCase>();
  for (const each of cases) {
    const { proof } = each;
    const key = proof.kind === "live" ? JSON.stringify(proof.args) : proof.kind;
    if (!first.has(key)) first.set(key, each);
  }
  return [...first.values()];
}
