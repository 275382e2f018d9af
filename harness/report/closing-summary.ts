/**
 * The text after a run: what was proven, what was asked, how fast, what broke, and what to do next.
 * Pure: a summary in, lines out. Findings are few here; `summary.json` has all that were kept.
 */
import type { Verdict } from "../checks/verdict.ts";
import { clauseStatements } from "./clause-statements.ts";
import { burstLines, faultLines } from "./fault-lines.ts";
import { findingLines } from "./finding-lines.ts";
import { measuredValue } from "./measured-value.ts";
import { nextStep } from "./next-step.ts";
import { processLines } from "./process-figures.ts";
import type { StoreSummary, Summary } from "./summary-json.ts";
import {
  bothRates,
  columns,
  grouped,
  harmless,
  type Ink,
  shareText,
  shortMs,
  wrap,
} from "./terminal-text.ts";

const findingsShown = 5;

/**
 * `files`: label and path, in the order of interest. `width`: of the terminal, 100 where there is
 * none.
 */
export function closingSummary(
  summary: Summary,
  files: readonly (readonly [label: string, path: string])[],
  width: number,
  ink: Ink,
): string[] {
  const body = [
    ...section("CORRECTNESS", width, correctness(summary)),
    ...section("THRESHOLDS", width, thresholds(summary)),
    ...section("STAGES", width, stages(summary)),
    ...section("FAULTS", width, faultLines(summary)),
    ...section("BURSTS", width, burstLines(summary)),
    ...section("GENERATOR HEALTH", width, generatorHealth(summary)),
    ...section("PROCESSES", width, processLines(summary, width - 2)),
    ...section("FINDINGS", width, findingLines(summary, findingsShown)),
    ...section("FILES", width, columns(files, "left")),
  ];
  return [
    paint(headline(summary), summary.verdict, ink),
    ...summary.reasons.flatMap((reason) =>
      wrap(harmless(reason), width - 2, "  ").map((line) => `  ${line}`),
    ),
    ...body.map((line) => paintLine(line, ink)),
    "",
    ...wrap(`Next: ${nextStep(summary)}`, width),
  ];
}

function headline({ verdict, interrupted, scenario, seed, run, durationSeconds }: Summary): string {
  const broken = interrupted ? ", interrupted" : "";
  const took = `${durationSeconds.toFixed(0)} s`;
  return `${verdict}${broken}  ${scenario}  seed ${seed}  run ${run}  ${took}`;
}

function section(title: string, width: number, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  // Wrapped, never cut: the end of a finding is its evidence.
  const wrapped = lines.flatMap((line) => wrap(line, width - 2, "    "));
  return ["", title, ...wrapped.map((line) => `  ${line}`)];
}

const marks = { PASS: "✓", FAIL: "✗", UNKNOWN: "?", INVALID: "?" } as const satisfies Record<
  Verdict,
  string
>;

function correctness({ clauses, stores, canary, replay }: Summary): string[] {
  const lines = clauses.map(({ clause, verdict, evaluated, counts }) => {
    const faulty = Object.entries(counts).map(([name, count]) => `${grouped(count)} ${name}`);
    const outcome = verdict === "PASS" ? "" : `: ${faulty.join(", ") || verdict}`;
    const looked = `${grouped(evaluated)} checked`;
    return `${marks[verdict]} ${clause} ${clauseStatements[clause]} (${looked})${outcome}`;
  });
  for (const [store, at] of Object.entries(stores)) {
    const { expected, found, missing, unexpected, wrong, duplicated } = at;
    const bad = missing + unexpected + wrong + duplicated;
    lines.push(
      `${bad === 0 ? "✓" : "✗"} ${store}: ${grouped(found)} of ${grouped(expected)} rows, ` +
        `${grouped(missing)} missing, ${grouped(unexpected)} unexpected, ` +
        `${grouped(wrong)} wrong, ${grouped(duplicated)} duplicated`,
      ...deadLetterLines(at),
    );
  }
  for (const { mode, records, storeEvidence, identical } of replay) {
    const writes = Object.entries(storeEvidence).map(([name, n]) => `${name} ${grouped(n)}`);
    lines.push(
      `${identical ? "✓" : "✗"} replay ${mode}: ${grouped(records)} records again, ` +
        `writes seen by ${writes.join(", ") || "no store"}, state ${identical ? "identical" : "changed"}`,
    );
  }
  const { planted, caught } = canary;
  const mark = planted > 0 && planted === caught ? "✓" : "✗";
  return [...lines, `${mark} canary: ${caught} of ${planted} planted faults caught by the checks`];
}

/** What a job put aside, and why: nothing of it is in the store. */
function deadLetterLines({ skipped, deadLetters, deadLetterReasons = {} }: StoreSummary): string[] {
  if (skipped === undefined || deadLetters === undefined) return [];
  const why = Object.entries(deadLetterReasons).map(
    ([reason, count]) => `${grouped(count)} × ${reason}`,
  );
  const told = why.length === 0 ? "" : `: ${harmless(why.join("; "))}`;
  return [
    `  ${grouped(skipped)} of them skipped by the job, ${grouped(deadLetters)} dead letters${told}`,
  ];
}

function thresholds({ thresholds }: Summary): string[] {
  const rows = thresholds.map(({ metric, limit, value, ok }) => [
    `${ok ? "✓" : "✗"} ${metric} ${limit}`,
    measuredValue(metric, value),
  ]);
  return columns(rows);
}

function stages({ rate, readings, aggregates, stores, latencyMs, sendLagMs }: Summary): string[] {
  const held = ["held", bothRates(rate.heldPerSecond), `of ${bothRates(rate.plannedPerSecond)}`];
  const counts = [
    `fleet ${grouped(readings.acked)} readings acked of ${grouped(readings.planned)} planned`,
    `aggregator ${grouped(aggregates.published)} records of ` +
      `${grouped(aggregates.expected)} windows`,
    ...Object.entries(stores).map(([name, { found }]) => `${name} ${grouped(found)} rows`),
  ];
  const hops = Object.entries({ "send lag": sendLagMs, ...latencyMs }).map(([hop, at]) => [
    hop,
    ...[at.p50, at.p90, at.p99, at.p999, at.max].map((ms) => (at.count === 0 ? "–" : shortMs(ms))),
    grouped(at.count),
  ]);
  const head = ["latency", "p50", "p90", "p99", "p99.9", "max", "samples"];
  return [held.join(" "), counts.join(" → "), ...columns([head, ...hops])];
}

function generatorHealth({ readings, sendLagMs, rate }: Summary): string[] {
  const share = rate.plannedPerSecond === 0 ? 0 : rate.heldPerSecond / rate.plannedPerSecond;
  const { failed, unknown, duplicatesSent, rejectedPlanned, rejectedUnplanned } = readings;
  return [
    `${shareText(share)} of the planned rate, send lag p99 ${shortMs(sendLagMs.p99)}, ` +
      `p99.9 ${shortMs(sendLagMs.p999)}, max ${shortMs(sendLagMs.max)}`,
    `${grouped(failed)} failed, ${grouped(unknown)} unknown, ${grouped(duplicatesSent)} ` +
      `sent twice on purpose, rejected ${grouped(rejectedPlanned)} as planned and ` +
      `${grouped(rejectedUnplanned)} not`,
  ];
}

function paint(text: string, verdict: Verdict, ink: Ink): string {
  if (verdict === "PASS") return ink.bold(ink.good(text));
  return ink.bold(verdict === "FAIL" ? ink.bad(text) : ink.warn(text));
}

function paintLine(line: string, ink: Ink): string {
  if (/^[A-Z][A-Z ]+$/.test(line)) return ink.bold(line);
  const mark = line[2];
  if (mark === "✓") return `  ${ink.good("✓")}${line.slice(3)}`;
  if (mark === "✗") return `  ${ink.bad("✗")}${line.slice(3)}`;
  return mark === "?" ? `  ${ink.warn("?")}${line.slice(3)}` : line;
}
