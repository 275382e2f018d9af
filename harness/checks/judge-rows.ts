/**
 * The clauses that look at rows (C2, C3, C5 to C8, C13), the canary, and what is counted beside them: over the buckets of
 * a run, one after the other. Nothing is kept of a bucket but what was found in it.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { createAggregateTruth } from "./aggregate-truth.ts";
import { type CanaryResult, runCanary } from "./canary.ts";
import type { CheckResult } from "./check-result.ts";
import { createConservation } from "./conservation.ts";
import type { DeadLetterTally } from "./dead-letter-topic.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { createNoDuplicate } from "./no-duplicate.ts";
import { createNoPhantom } from "./no-phantom.ts";
import { gatherPublished } from "./published.ts";
import { createSecondWriters, factsByWriter, withSecondWriters } from "./second-writers.ts";
import { publishedByAudit } from "./short-audit.ts";
import { gatherStores } from "./store-keys.ts";
import { createStoreTruth, type StoreTally } from "./store-truth.ts";
import { createStoresAgree } from "./stores-agree.ts";

export type JudgedRows = {
  /** In the order of the clauses. */
  readonly results: readonly CheckResult[];
  readonly canary: CanaryResult;
  readonly stores: Readonly<Record<string, StoreTally>>;
  readonly deadLetters: ReadonlyMap<string, DeadLetterTally> | undefined;
  /** Windows that are due; records in the topic. */
  readonly aggregates: { readonly expected: number; readonly published: number };
};

/** `read`: the rows of one bucket. */
export function judgeRows(
  whole: WholeFacts,
  buckets: number,
  read: (bucket: number) => RunFacts,
): JudgedRows {
  const duplicates = createNoDuplicate(whole);
  const phantoms = createNoPhantom(whole);
  const conservation = createConservation(whole);
  const truth = createAggregateTruth(whole);
  const stores = createStoreTruth(whole);
  const agreement = createStoresAgree();
  const letters = createDeadLetters(whole);
  const second = createSecondWriters(whole);
  const aggregates = { expected: 0, published: 0 };
  let canary: CanaryResult = { planted: 0, caught: 0 };

  function take(all: RunFacts): void {
    const { own: facts, again } = factsByWriter(all);
    const published = gatherPublished(facts);
    const { index } = published;
    const keys = gatherStores(facts, index);
    for (const clause of [duplicates, conservation, truth]) clause.take(facts, published);
    phantoms.take(facts, publishedByAudit(published, facts));
    const { faulty, lacking } = stores.take(facts, index, keys);
    agreement.take(facts, index, keys, faulty);
    letters.take(facts, published, lacking);
    if (again !== undefined) second.take(again);
    // One bucket is enough, and the first may have too few windows.
    if (canary.planted === 0) canary = runCanary(facts, published, keys);
    const { firstDue } = facts.audit.windows.columns;
    for (let row = 0; row < facts.audit.windows.length; row++) {
      if (firstDue[row]! > 0) aggregates.expected += 1;
    }
    aggregates.published += facts.topics.aggregated.table.length;
  }

  for (let bucket = 0; bucket < buckets; bucket++) take(read(bucket));
  const { result: ofStores, tallies } = stores.result();
  const skipped = letters.result();
  const results = [
    duplicates.result(),
    phantoms.result(),
    conservation.result(),
    truth.result(),
    ofStores,
    agreement.result(),
    skipped?.result,
  ].filter((result) => result !== undefined);
  return {
    results: withSecondWriters(results, second.results()),
    canary,
    stores: tallies,
    deadLetters: skipped?.tallies,
    aggregates,
  };
}
