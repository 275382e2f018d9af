/**
 * A run as test cases: one each for the verdict, a clause, a threshold, a fault, a replay, with the story of what does
 * not hold: what, where, expected, found, how to see it again. What is undecided is an error, never a pass. Pure.
 */
import { answerOf } from "./answer.ts";
import { clauseStatements } from "./clause-statements.ts";
import { effectText, faultText } from "./fault-lines.ts";
import { findingText } from "./finding-lines.ts";
import { measuredValue } from "./measured-value.ts";
import { nextStep } from "./next-step.ts";
import type { Summary } from "./summary-json.ts";
import { grouped } from "./terminal-text.ts";

export type Case = {
  readonly group: "verdict" | "clause" | "threshold" | "fault" | "replay";
  readonly name: string;
  readonly outcome:
    | { readonly kind: "passed" }
    /** `failure`: it does not hold. `error`: nobody knows. */
    | {
        readonly kind: "failure" | "error";
        readonly type: string;
        readonly story: readonly string[];
      };
};

const passed = { kind: "passed" } as const;
const findingsOfOneCase = 20;

export function casesOf(summary: Summary): readonly Case[] {
  return [
    verdictCase(summary),
    ...summary.clauses.map((clause) => clauseCase(clause, summary)),
    ...thresholdCases(summary),
    ...faultCases(summary),
    ...replayCases(summary),
  ];
}

function verdictCase(summary: Summary): Case {
  const { verdict, interrupted, reasons, canary } = summary;
  const name = "the verdict is PASS";
  if (verdict === "PASS" && !interrupted) return { group: "verdict", name, outcome: passed };
  const story = [
    `${verdict}${interrupted ? ", interrupted" : ""}: ${answerOf(summary)}`,
    ...reasons,
    `Canary: ${canary.caught} of ${canary.planted} planted faults caught.`,
    ...again(summary),
  ];
  const kind = verdict === "FAIL" ? "failure" : "error";
  return { group: "verdict", name, outcome: { kind, type: verdict, story } };
}

function clauseCase(result: Summary["clauses"][number], summary: Summary): Case {
  const { clause, verdict, evaluated, counts } = result;
  const name = `${clause} ${clauseStatements[clause]}`;
  if (verdict === "PASS") return { group: "clause", name, outcome: passed };
  const found = Object.entries(counts).map(([kind, count]) => `${grouped(count)} ${kind}`);
  const examples = summary.findings.filter((finding) => finding.class in counts);
  const story = [
    `${name}: ${verdict}, ${found.join(", ") || "nothing was there to look at"}, of ${grouped(evaluated)} looked at.`,
    ...examples.slice(0, findingsOfOneCase).map(findingText),
    ...again(summary),
  ];
  const kind = verdict === "FAIL" ? "failure" : "error";
  return { group: "clause", name, outcome: { kind, type: verdict, story } };
}

function thresholdCases(summary: Summary): Case[] {
  return summary.thresholds.map(({ metric, limit, value, ok }) => {
    const name = `${metric} ${limit}`;
    if (ok) return { group: "threshold", name, outcome: passed };
    const measured = measuredValue(metric, value);
    const story = [`${metric}: expected ${limit}, found ${measured}.`, ...again(summary)];
    return { group: "threshold", name, outcome: { kind: "failure", type: "threshold", story } };
  });
}

function faultCases(summary: Summary): Case[] {
  return summary.faults.map((fault) => {
    const name = `${faultText(fault)} left its trace`;
    if (fault.effect !== null) return { group: "fault", name, outcome: passed };
    const story = [
      `${faultText(fault)}: ${effectText(fault)}; the run does not show what it would have done.`,
      ...again(summary),
    ];
    return { group: "fault", name, outcome: { kind: "error", type: "INVALID", story } };
  });
}

function replayCases(summary: Summary): Case[] {
  return summary.replay.map((replay) => {
    const { mode, identical, records, digestBefore, digestAfter } = replay;
    const name = `replay ${mode} changes nothing`;
    if (identical) return { group: "replay", name, outcome: passed };
    const stores = Object.keys(digestBefore).map(
      (store) =>
        `${store}: expected ${digestBefore[store]}, found ${digestAfter[store] ?? "nothing"}`,
    );
    const story = [
      `${name}, of ${grouped(records)} records: it does not hold.`,
      ...stores,
      ...again(summary),
    ];
    return { group: "replay", name, outcome: { kind: "failure", type: "FAIL", story } };
  });
}

/** How to see it once more. */
function again(summary: Summary): readonly string[] {
  const { scenario, seed } = summary;
  return [
    `To see it again: fleetproof run ${scenario} --seed ${seed}`,
    `Next: ${nextStep(summary)}`,
  ];
}
