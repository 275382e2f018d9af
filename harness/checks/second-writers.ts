/**
 * A declared re-aggregation sets a second writer beside the run's own aggregator: every clause judges the records of the
 * first as if the second had never been, and C2 and C6 hold for those of the second, too. They are told apart by the
 * producer ids of their batches.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import { splitWriters } from "../facts/split-writers.ts";
import { checkAggregateTruth } from "./aggregate-truth.ts";
import type { CheckResult } from "./check-result.ts";
import type { ClassCounts } from "./finding.ts";
import { checkNoDuplicate } from "./no-duplicate.ts";
import { worst } from "./verdict.ts";

export type FactsByWriter = {
  readonly own: RunFacts;
  /** Undefined when nobody else was to write, or the topic was read before anybody did. */
  readonly again: RunFacts | undefined;
};

export function factsByWriter(facts: RunFacts): FactsByWriter {
  const { topics, record } = facts;
  const writers = new Set(record.secondWriters);
  if (writers.size === 0) return { own: facts, again: undefined };
  const { own, again } = splitWriters(topics.aggregated, writers);
  const of = (aggregated: typeof own): RunFacts => ({
    ...facts,
    topics: { ...topics, aggregated },
  });
  return { own: of(own), again: again.table.length === 0 ? undefined : of(again) };
}

/** The results of the first writer's checks, with what the second one's add to them. */
export function withSecondWriters(
  results: readonly CheckResult[],
  again: RunFacts | undefined,
): readonly CheckResult[] {
  if (again === undefined) return results;
  const more = [duplicatesOf(again), checkAggregateTruth(again)];
  return results.map((result) => {
    const other = more.find(({ clause }) => clause === result.clause);
    return other === undefined ? result : joined(result, other);
  });
}

/** The raw topic is the same one, and was judged with the first writer. */
function duplicatesOf(again: RunFacts): CheckResult {
  return checkNoDuplicate({ ...again, audit: { ...again.audit, findings: [], counts: {} } });
}

function joined(a: CheckResult, b: CheckResult): CheckResult {
  const counts: ClassCounts = { ...a.counts };
  for (const [name, count] of Object.entries(b.counts)) {
    const kind = name as keyof ClassCounts;
    counts[kind] = (counts[kind] ?? 0) + count;
  }
  return {
    clause: a.clause,
    verdict: worst([a.verdict, b.verdict]),
    evaluated: a.evaluated + b.evaluated,
    findings: [...a.findings, ...b.findings],
    violations: [...a.violations, ...b.violations],
    counts,
    echoes: a.echoes + b.echoes,
  };
}
