/**
 * The Markdown that GitHub shows on the page of a CI job: verdict, clauses, thresholds, the first findings. Pure.
 * GitHub refuses more than 1,024 kB of a step; every text here has a limit, and so has the whole.
 */
import { answerOf } from "./answer.ts";
import { clauseStatements } from "./clause-statements.ts";
import { escapeMarkdown, shortened } from "./escape.ts";
import { effectText, faultText } from "./fault-lines.ts";
import { findingText, moreFindings } from "./finding-lines.ts";
import { measuredValue } from "./measured-value.ts";
import { nextStep } from "./next-step.ts";
import { brokenOffSentence, type ReportRun } from "./report-run.ts";
import type { Summary } from "./summary-json.ts";
import { bothRates, grouped, shortMs } from "./terminal-text.ts";

const findingsShown = 20;
const rowsShown = 200;
const textShown = 500;
const allShown = 256 * 1_024;

export function stepSummary(run: ReportRun): string {
  const lines = run.kind === "finished" ? finished(run.summary) : brokenOff(run);
  const text = `${lines.join("\n")}\n\n`;
  return text.length <= allShown ? text : `${shortened(text, allShown)}\n\n`;
}

const marks = { PASS: "✅", FAIL: "❌", UNKNOWN: "❔", INVALID: "❔" } as const;

function brokenOff({ run, scenario, seed }: ReportRun & { readonly kind: "broken-off" }): string[] {
  const name = [
    scenario ?? "unknown scenario",
    seed === undefined ? "" : `seed ${seed}`,
    `run ${run}`,
  ];
  return [
    `## ${marks.UNKNOWN} UNKNOWN: ${cell(name.filter(Boolean).join(", "))}`,
    "",
    brokenOffSentence,
  ];
}

function finished(summary: Summary): string[] {
  const { verdict, interrupted, scenario, seed, run, rate, readings, reasons } = summary;
  return [
    `## ${marks[verdict]} ${verdict}${interrupted ? ", interrupted" : ""}: ${cell(scenario)}`,
    "",
    cell(answerOf(summary)),
    "",
    ...reasons.slice(0, findingsShown).map((reason) => `- ${cell(reason)}`),
    ...table(
      ["run", "seed", "rate held", "of", "readings acked", "of"],
      [
        [
          run,
          String(seed),
          bothRates(rate.heldPerSecond),
          bothRates(rate.plannedPerSecond),
          grouped(readings.acked),
          grouped(readings.planned),
        ],
      ],
    ),
    ...table(
      ["clause", "verdict", "looked at", "findings"],
      summary.clauses.map(({ clause, verdict: of, evaluated, counts }) => [
        `${clause} ${clauseStatements[clause]}`,
        `${marks[of]} ${of}`,
        grouped(evaluated),
        Object.entries(counts)
          .map(([name, count]) => `${grouped(count)} ${name}`)
          .join(", ") || "none",
      ]),
    ),
    ...table(
      ["threshold", "limit", "measured", ""],
      summary.thresholds.map(({ metric, limit, value, ok }) => [
        metric,
        limit,
        measuredValue(metric, value),
        ok ? "✅ met" : "❌ missed",
      ]),
    ),
    ...table(
      ["latency", "p50", "p99", "max", "samples"],
      Object.entries({ "send lag": summary.sendLagMs, ...summary.latencyMs })
        .filter(([, { count }]) => count > 0)
        .map(([hop, at]) => [hop, ...[at.p50, at.p99, at.max].map(shortMs), grouped(at.count)]),
    ),
    ...table(
      ["fault", "what was seen"],
      summary.faults.map((fault) => [faultText(fault), effectText(fault)]),
    ),
    ...table(
      ["replay", "records", "state"],
      summary.replay.map(({ mode, records, identical }) => [
        mode,
        grouped(records),
        identical ? "✅ identical" : "❌ changed",
      ]),
    ),
    ...findings(summary),
    "",
    `**Next:** ${cell(nextStep(summary))}`,
  ];
}

function findings(summary: Summary): string[] {
  const shown = summary.findings
    .slice(0, findingsShown)
    .map((finding) => `- ${cell(findingText(finding))}`);
  if (shown.length === 0) return [];
  const more = moreFindings(summary, shown.length);
  return ["", "### Findings", "", ...shown, ...(more > 0 ? [`- … and ${grouped(more)} more`] : [])];
}

/** No rows, no table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [
    "",
    line(head),
    `|${" --- |".repeat(head.length)}`,
    ...rows.slice(0, rowsShown).map(line),
  ];
}

function cell(text: string): string {
  return escapeMarkdown(shortened(text, textShown));
}
