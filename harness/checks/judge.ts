/**
 * The judgement: a function of recorded facts alone, so that it can be made again offline and by a newer version
 * (`readRunFacts`). Rows are looked at a bucket at a time, all of them where they are in memory.
 */
import { outcomes } from "../facts/ack-ranges.ts";
import type { BucketedFacts, RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { checkBoundedLag } from "./bounded-lag.ts";
import type { CanaryResult } from "./canary.ts";
import { type CheckResult, type Clause, clauses } from "./check-result.ts";
import { skippedReasons, withSkipped } from "./dead-letters.ts";
import { createDuring } from "./during.ts";
import { type Finding, total } from "./finding.ts";
import { judgeRows } from "./judge-rows.ts";
import { misreadSentences } from "./misread.ts";
import { checkNoLoss } from "./no-loss.ts";
import { checkNoTimeTravel } from "./no-time-travel.ts";
import { checkOrder } from "./order.ts";
import { createOutcomes } from "./outcomes.ts";
import { checkProgress } from "./progress.ts";
import { checkReplay } from "./replay.ts";
import { decidedByAudit } from "./short-audit.ts";
import type { StoreTally } from "./store-truth.ts";
import { judgeValidity, type Reason } from "./validity.ts";
import { type Verdict, worst } from "./verdict.ts";

export type Judgement = {
  readonly verdict: Verdict;
  /** In the order of the clauses; C8 needs two stores, C9 a replay, C11 a fault, C13 a dead-letter topic. */
  readonly results: readonly CheckResult[];
  /** Why the run proves nothing or was not decided, in sentences. */
  readonly reasons: readonly Reason[];
  /** The examples of all clauses: each fault once, by the first clause that sees it. */
  readonly findings: readonly Finding[];
  readonly violations: Violations;
  readonly canary: CanaryResult;
  readonly readings: ReadingTally;
  /** Windows that are due; records in the topic. */
  readonly aggregates: { readonly expected: number; readonly published: number };
  readonly stores: Readonly<Record<string, StoreTally>>;
};

/** Everything that was found, each with its clause. */
export type Violations = {
  readonly named: readonly (Finding & { readonly clause: Clause })[];
  /** How many there are, those included that nothing is known of but their class. */
  readonly all: number;
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

/** Errors: `FactsError` when rows that are read a bucket at a time are no longer as they were found. */
export function judge(facts: RunFacts | BucketedFacts): Judgement {
  if ("read" in facts) return judgeBuckets(facts);
  return judgeBuckets({ whole: facts, buckets: 1, read: () => facts });
}

function judgeBuckets({ whole: facts, buckets, read }: BucketedFacts): Judgement {
  const misread = misreadSentences(facts);
  if (misread.length > 0) return unjudged("INVALID", misread);
  const rows = judgeRows(facts, buckets, read);
  const { canary, deadLetters } = rows;
  const all = [
    checkNoLoss(facts),
    checkOrder(facts),
    ...rows.results,
    checkReplay(facts),
    checkNoTimeTravel(facts),
    checkProgress(facts),
    checkBoundedLag(facts),
  ].filter((result) => result !== undefined);
  const inOrder = all.toSorted((a, b) => clauses.indexOf(a.clause) - clauses.indexOf(b.clause));
  const results = decidedByAudit(inOrder, facts);
  const reasons = [...judgeValidity(facts, results, canary), ...skippedReasons(facts, deadLetters)];
  const died = facts.record.died.length > 0;
  // What ended unasked explains what there was not to look at: the run is undecided, not badly made.
  const verdicts = [...results, ...reasons].map(({ verdict }) =>
    died && verdict === "INVALID" ? "UNKNOWN" : verdict,
  );
  const during = createDuring(facts);
  return {
    verdict: worst(verdicts),
    results,
    reasons,
    findings: results.flatMap((result) => result.findings).map(during),
    violations: {
      named: results.flatMap(({ clause, violations }) =>
        violations.map((finding) => ({ clause, ...during(finding) })),
      ),
      all: results.reduce((sum, { counts, echoes }) => sum + total(counts) - echoes, 0),
    },
    canary,
    readings: tallyReadings(facts),
    aggregates: rows.aggregates,
    stores: withSkipped(rows.stores, deadLetters),
  };
}

/** A run whose facts are not there: nothing was looked at, so nothing is known. */
export function undecided(reasons: readonly string[]): Judgement {
  return unjudged("UNKNOWN", reasons);
}

function unjudged(verdict: Verdict, reasons: readonly string[]): Judgement {
  return {
    verdict,
    results: [],
    reasons: reasons.map((why) => ({ verdict, why })),
    findings: [],
    violations: { named: [], all: 0 },
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

function tallyReadings({ audit, acks }: WholeFacts): ReadingTally {
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
