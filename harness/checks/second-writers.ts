/**
 * A declared re-aggregation sets a second writer beside the run's own aggregator: every clause judges the records of the
 * first as if the second had never been, and C2 and C6 hold for those of the second, too. They are told apart by the
 * producer ids of their batches.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { splitWriters } from "../facts/split-writers.ts";
import { createAggregateTruth } from "./aggregate-truth.ts";
import type { CheckResult } from "./check-result.ts";
import type { ClassCounts } from "./finding.ts";
import { createNoDuplicate } from "./no-duplicate.ts";
import { gatherPublished } from "./published.ts";
import { worst } from "./verdict.ts";

type FactsByWriter = {
  readonly own: RunFacts;
  /** Undefined when nobody else was to write. */
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
  return { own: of(own), again: of(again) };
}

/** What C2 and C6 say of the second writer's records: bucket after bucket, then the results. */
export function createSecondWriters(whole: WholeFacts) {
  // The raw topic is the same one, and is judged with the first writer.
  const { audit } = whole;
  const duplicates = createNoDuplicate({ audit: { ...audit, findings: [], counts: {} } });
  const truth = createAggregateTruth(whole);
  let records = 0;
  return {
    take(again: RunFacts): void {
      records += again.topics.aggregated.table.length;
      const published = gatherPublished(again);
      for (const clause of [duplicates, truth]) clause.take(again, published);
    },
    /** None where the topic was read before anybody else had written. */
    results: (): readonly CheckResult[] =>
      records === 0 ? [] : [duplicates.result(), truth.result()],
  };
}

/** The results of the first writer's checks, with what the second one's add to them. */
export function withSecondWriters(
  results: readonly CheckResult[],
  more: readonly CheckResult[],
): readonly CheckResult[] {
  return results.map((result) => {
    const other = more.find(({ clause }) => clause === result.clause);
    return other === undefined ? result : joined(result, other);
  });
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
