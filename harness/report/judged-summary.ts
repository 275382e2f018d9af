/** The part of a summary that a judgement alone decides: the same for a run just played and for one judged again. */
import type { Judgement } from "../checks/judge.ts";
import type { Summary } from "./summary-json.ts";

type JudgedSummary = Pick<
  Summary,
  "verdict" | "aggregates" | "stores" | "findings" | "violations" | "canary" | "clauses" | "reasons"
>;

export function judgedSummary(judgement: Judgement): JudgedSummary {
  const { verdict, aggregates, stores, findings, violations, canary, results, reasons } = judgement;
  return {
    verdict,
    aggregates,
    stores,
    findings,
    violations: { named: violations.named.length, all: violations.all },
    canary,
    clauses: results.map(({ clause, verdict, evaluated, counts, echoes }) => ({
      clause,
      verdict,
      evaluated,
      counts,
      echoes,
    })),
    reasons: reasons.map(({ why }) => why),
  };
}
