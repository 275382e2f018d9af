/**
 * What a run proves, whatever its checks found: the reasons for INVALID (it proves nothing) and for UNKNOWN (it
 * was not decided). None of them makes a violation less of one.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { CanaryResult } from "./canary.ts";
import type { CheckResult } from "./check-result.ts";
import { createOutcomes } from "./outcomes.ts";
import { cutSentences, unprovenSentences } from "./replay.ts";
import type { Verdict } from "./verdict.ts";

/** One sentence. */
export type Reason = { readonly verdict: Verdict; readonly why: string };

export function judgeValidity(
  facts: WholeFacts,
  results: readonly CheckResult[],
  canary: CanaryResult,
): readonly Reason[] {
  const invalid = [
    ...vacuity(facts, results),
    ...generator(facts),
    ...canaryReasons(canary),
    ...traces(facts),
  ];
  return [
    ...invalid.map((why) => ({ verdict: "INVALID", why }) as const),
    ...undecided(facts).map((why) => ({ verdict: "UNKNOWN", why }) as const),
  ];
}

function vacuity({ record, audit }: WholeFacts, results: readonly CheckResult[]): string[] {
  const records = audit.partitions.reduce((sum, each) => sum + each.records, 0);
  const few = `the raw topic held ${records} records; less than ${record.recordsMin} prove nothing`;
  const empty = results.filter(
    ({ evaluated, verdict }) => evaluated === 0 && verdict !== "UNKNOWN",
  );
  return [
    ...(records < record.recordsMin ? [few] : []),
    ...empty.map((result) => `${result.clause} had nothing to look at`),
  ];
}

function generator({ record, audit, acks }: WholeFacts): string[] {
  const unplanned = audit.partitions.reduce((sum, each) => sum + each.rejectedUnplanned, 0);
  const failed = createOutcomes(acks).count("failed");
  const explained = record.faults.some((fault) => fault.mayFailSends);
  const reasons = [...record.generatorFaults];
  if (unplanned > 0 && !explained) {
    reasons.push(`${unplanned} readings must be rejected that the plan wanted accepted`);
  }
  if (failed > 0 && !explained) reasons.push(`${failed} sends failed, and no fault explains it`);
  return reasons;
}

function canaryReasons({ planted, caught }: CanaryResult): string[] {
  if (planted === 0) return ["the canary could not be planted: too few windows"];
  return caught === planted
    ? []
    : [`the canary: ${caught} of ${planted} planted faults were named`];
}

function traces({ record }: WholeFacts): string[] {
  const idle = record.faults.filter((fault) => fault.effect === null);
  return [
    ...idle.map((fault) => `the fault ${fault.kind} of ${fault.target} left no trace`),
    ...unprovenSentences({ record }),
  ];
}

function undecided({ record, audit, topics }: WholeFacts): string[] {
  const reasons = [...record.died, ...cutSentences({ record })];
  if (record.brokenOff) reasons.push("the run was broken off before its backlogs were empty");
  if (!audit.reachedEnd) reasons.push("the raw topic was not read to its end");
  if (!topics.reachedEnd) reasons.push("the pipeline's topics were not read to their end");
  if (audit.partitions.some((each) => each.overflowed)) {
    reasons.push("more sends are missing from the raw topic than could be remembered");
  }
  return reasons;
}
