/** What one clause of the contract came to. The statement of each clause stands at the head of its check. */
import type { RunFacts } from "../facts/run-facts.ts";
import { type ClassCounts, type Finding, type FindingList, total } from "./finding.ts";
import type { Published } from "./published.ts";
import type { Verdict } from "./verdict.ts";

export const clauses = [
  "C1",
  "C2",
  "C3",
  "C4",
  "C5",
  "C6",
  "C7",
  "C8",
  "C9",
  "C10",
  "C11",
  "C12",
  "C13",
] as const;
export type Clause = (typeof clauses)[number];

export type CheckResult = {
  readonly clause: Clause;
  readonly verdict: Verdict;
  /** Things looked at: a clause that looked at nothing says nothing. */
  readonly evaluated: number;
  /** Examples, at most 32 a class; without the echoes. */
  readonly findings: readonly Finding[];
  /** All that can be named, up to a limit; without the echoes. */
  readonly violations: readonly Finding[];
  /** All, by class. */
  readonly counts: ClassCounts;
  /** How many of them only repeat, in this clause's terms, what a finding of another one names. */
  readonly echoes: number;
};

/** A clause that looks at rows: at those of one bucket after the other. */
export type RowClause = {
  readonly take: (facts: RunFacts, published: Published) => void;
  /** Once, when all were taken. */
  readonly result: () => CheckResult;
};

/** A finding is a `FAIL`, unless all are only `unseen`; nothing evaluated is `INVALID`. */
export function resultOf(clause: Clause, evaluated: number, list: FindingList): CheckResult {
  const { findings, violations, counts } = list;
  const all = total(counts);
  const unseen = counts.unseen ?? 0;
  let verdict: Verdict = "PASS";
  if (all > unseen) verdict = "FAIL";
  else if (unseen > 0) verdict = "UNKNOWN";
  else if (evaluated === 0) verdict = "INVALID";
  return { clause, verdict, evaluated, findings, violations, counts, echoes: list.echoes() };
}
