/** Whether a round came out as the catalogue declares it: its verdict, a trace of every step, the class of what was lost. */
import type { Summary } from "../../../harness/report/summary-json.ts";
import type { Round } from "./round.ts";

export type RoundResult = {
  readonly asDeclared: boolean;
  /** What is not as declared, a sentence each. */
  readonly faults: readonly string[];
  readonly verdict: string;
  /** Of the steps that were asked for, how many left a trace. */
  readonly effects: number;
  readonly steps: number;
  /** Of the findings. */
  readonly classes: readonly string[];
  /** The longest time until work went on, in ms; null: something never did. */
  readonly recoveredMs: number | null;
};

export function judgeRound(round: Round, summary: Summary | undefined): RoundResult {
  const steps = round.steps.length;
  if (summary === undefined) {
    const nothing = { asDeclared: false, verdict: "none", effects: 0, classes: [] };
    return { ...nothing, faults: ["it came to no verdict"], steps, recoveredMs: null };
  }
  const { verdict, faults } = summary;
  const classes = [...new Set(summary.findings.map((finding) => finding.class))];
  const idle = faults.filter(({ effect }) => effect === null);
  const stuck = faults.filter(({ recoveredMs }) => recoveredMs === null);
  const declared = round.verdict.is;
  const wrong = [
    ...(verdict === declared ? [] : [`${declared} is declared, it came to ${verdict}`]),
    ...idle.map(({ kind, target }) => `${kind} of ${target} left no trace`),
    ...(faults.length === steps ? [] : [`${faults.length} of ${steps} steps were reported`]),
    // Where loss is declared, what met it may have ended for good.
    ...(declared === "PASS" ? stuck : []).map(
      ({ kind, target }) => `after ${kind} of ${target} something never went on`,
    ),
    ...unnamed(round, classes),
  ];
  const times = faults.flatMap(({ recoveredMs }) => recoveredMs ?? []);
  return {
    asDeclared: wrong.length === 0,
    faults: wrong,
    verdict,
    effects: faults.length - idle.length,
    steps,
    classes,
    recoveredMs: stuck.length > 0 || times.length === 0 ? null : Math.max(...times),
  };
}

function unnamed({ verdict, classes: wanted }: Round, found: readonly string[]): readonly string[] {
  if (verdict.is !== "FAIL" || wanted.length === 0) return [];
  if (found.some((name) => wanted.includes(name))) return [];
  return [`no finding is ${wanted.join(" or ")}, but ${found.join(", ") || "there is none"}`];
}
