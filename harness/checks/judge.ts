/**
 * The judgement: a pure function of recorded facts, so that it can be made again offline and by a newer version
 * (`readRunFacts`).
 */
import { outcomes } from "../facts/ack-ranges.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import { checkAggregateTruth } from "./aggregate-truth.ts";
import { type CanaryResult, runCanary } from "./canary.ts";
import type { CheckResult } from "./check-result.ts";
import { checkConservation } from "./conservation.ts";
import { checkDeadLetters, skippedReasons, withSkipped } from "./dead-letters.ts";
import type { Finding } from "./finding.ts";
import { checkNoDuplicate } from "./no-duplicate.ts";
import { checkNoLoss } from "./no-loss.ts";
import { checkNoPhantom } from "./no-phantom.ts";
import { checkOrder } from "./order.ts";
import { createOutcomes } from "./outcomes.ts";
import { gatherPublished } from "./published.ts";
import { checkReplay } from "./replay.ts";
import { checkStores, type StoreTally } from "./store-truth.ts";
import { checkStoresAgree } from "./stores-agree.ts";
import { judgeValidity, type Reason } from "./validity.ts";
import { type Verdict, worst } from "./verdict.ts";

export type Judgement = {
  readonly verdict: Verdict;
  /** In the order of the clauses; C8 needs two stores, C9 a replay, C13 a dead-letter topic. */
  readonly results: readonly CheckResult[];
  /** Why the run proves nothing or was not decided, in sentences. */
  readonly reasons: readonly Reason[];
  /** The examples of all clauses: each fault once, by the first clause that sees it. */
  readonly findings: readonly Finding[];
  readonly canary: CanaryResult;
  readonly readings: ReadingTally;
  /** Windows that are due; records in the topic. */
  readonly aggregates: { readonly expected: number; readonly published: number };
  readonly stores: Readonly<Record<string, StoreTally>>;
};

type ReadingTally = {
  readonly acked: number;
  readonly failed: number;
  readonly unknown: number;
  /** Readings of the raw topic that were there already. */
  readonly duplicates: number;
  readonly rejectedPlanned: number;
  readonly rejectedUnplanned: number;
};

export function judge(facts: RunFacts): Judgement {
  const published = gatherPublished(facts);
  const stores = checkStores(facts);
  const deadLetters = checkDeadLetters(facts, published, stores.lacking);
  const results = [
    checkNoLoss(facts),
    checkNoDuplicate(facts, published),
    checkNoPhantom(facts, published),
    checkOrder(facts),
    checkConservation(facts, published),
    checkAggregateTruth(facts, published),
    stores.result,
    checkStoresAgree(facts, stores.faulty),
    checkReplay(facts),
    deadLetters?.result,
  ].filter((result) => result !== undefined);
  const canary = runCanary(facts);
  const reasons = [
    ...judgeValidity(facts, results, canary),
    ...skippedReasons(facts, deadLetters?.tallies),
  ];
  const died = facts.record.died.length > 0;
  // What ended unasked explains what there was not to look at: the run is undecided, not badly made.
  const verdicts = [...results, ...reasons].map(({ verdict }) =>
    died && verdict === "INVALID" ? "UNKNOWN" : verdict,
  );
  const { firstDue } = facts.audit.windows.columns;
  const due = firstDue.subarray(0, facts.audit.windows.length).filter((first) => first > 0).length;
  return {
    verdict: worst(verdicts),
    results,
    reasons,
    findings: results.flatMap((result) => result.findings),
    canary,
    readings: tallyReadings(facts),
    aggregates: { expected: due, published: facts.topics.aggregated.table.length },
    stores: withSkipped(stores.tallies, deadLetters?.tallies),
  };
}

/** A run whose facts are not there: nothing was looked at, so nothing is known. */
export function undecided(reasons: readonly string[]): Judgement {
  return {
    verdict: "UNKNOWN",
    results: [],
    reasons: reasons.map((why) => ({ verdict: "UNKNOWN", why })),
    findings: [],
    canary: { planted: 0, caught: 0 },
    readings: {
      acked: 0,
      failed: 0,
      unknown: 0,
      duplicates: 0,
      rejectedPlanned: 0,
      rejectedUnplanned: 0,
    },
    aggregates: { expected: 0, published: 0 },
    stores: {},
  };
}

function tallyReadings({ audit, acks }: RunFacts): ReadingTally {
  const counts = createOutcomes(acks);
  const [acked, failed, unknown] = outcomes.map((outcome) => counts.count(outcome));
  const sum = (of: (each: (typeof audit.partitions)[number]) => number): number =>
    audit.partitions.reduce((all, each) => all + of(each), 0);
  const rejected = sum((each) => Object.values(each.rejected).reduce((a, b) => a + b, 0));
  const rejectedUnplanned = sum((each) => each.rejectedUnplanned);
  return {
    acked: acked!,
    failed: failed!,
    unknown: unknown!,
    duplicates: sum((each) => each.duplicate),
    rejectedPlanned: rejected - rejectedUnplanned,
    rejectedUnplanned,
  };
}
