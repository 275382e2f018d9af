/** The head of the page: the verdict, the answer in one sentence, why, and what to do next. */
import type { Verdict } from "../../checks/verdict.ts";
import { answerOf } from "../answer.ts";
import { type Markup, markup } from "../escape.ts";
import { nextStep } from "../next-step.ts";
import { type BrokenOffRun, brokenOffSentence, type ReportRun } from "../report-run.ts";
import type { Summary } from "../summary-json.ts";
import { bothRates, grouped, shareText, shortMs } from "../terminal-text.ts";
import { list } from "./section.ts";

const tones = {
  PASS: "good",
  FAIL: "bad",
  UNKNOWN: "open",
  INVALID: "open",
} as const satisfies Record<Verdict, string>;

export function verdictHead(run: ReportRun): Markup {
  return run.kind === "finished" ? finishedHead(run.summary) : brokenOffHead(run);
}

function finishedHead(summary: Summary): Markup {
  const { verdict, interrupted, scenario, seed, run, startedAt, durationSeconds, reasons } =
    summary;
  const missed = verdict === "PASS" && summary.thresholds.some(({ ok }) => !ok);
  const tone = missed ? "open" : tones[verdict];
  return markup`<header class="verdict tone-${tone}">
<h1><span class="word">${verdict}${interrupted ? ", interrupted" : ""}</span> ${scenario}</h1>
<p class="answer">${answerOf(summary)}</p>
${reasons.length === 0 ? undefined : list(reasons)}<p><b>Next:</b> ${nextStep(summary)}</p>
<p class="meta">run ${run}, seed ${seed}, begun ${startedAt}, ${durationSeconds.toFixed(0)} s in all</p>
</header>
<dl class="tiles">${tiles(summary).map(
    ([name, value, more]) =>
      markup`<div><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>\n`,
  )}</dl>\n`;
}

function tiles(
  summary: Summary,
): readonly (readonly [name: string, value: string, more: string])[] {
  const { rate, readings, aggregates, sendLagMs, latencyMs, canary } = summary;
  const share = rate.plannedPerSecond === 0 ? 0 : rate.heldPerSecond / rate.plannedPerSecond;
  const visible = Object.entries(latencyMs)
    .filter(([hop, { count }]) => hop.startsWith("visible.") && count > 0)
    .map(([hop, { p99, count }]): readonly [string, string, string] => [
      `p99 until seen in ${hop.slice("visible.".length)}`,
      shortMs(p99),
      `${grouped(count)} samples`,
    ]);
  return [
    [
      "rate held",
      `${grouped(rate.heldPerSecond)}/s`,
      `${bothRates(rate.heldPerSecond).split(" = ")[0]}, ${shareText(share)} of the plan`,
    ],
    ["readings acknowledged", grouped(readings.acked), `of ${grouped(readings.planned)} planned`],
    ["windows", grouped(aggregates.expected), `${grouped(aggregates.published)} records published`],
    ...visible,
    ["send lag p99", shortMs(sendLagMs.p99), `max ${shortMs(sendLagMs.max)}`],
    ["canary", `${canary.caught} of ${canary.planted}`, "planted faults caught by the checks"],
  ];
}

function brokenOffHead({ run, scenario, seed, series }: BrokenOffRun): Markup {
  const begun =
    series.originMs === undefined ? "" : `, load begun ${new Date(series.originMs).toISOString()}`;
  const again =
    scenario === undefined ? undefined : `fleetproof run ${scenario} --seed ${seed ?? ""}`;
  return markup`<header class="verdict tone-open">
<h1><span class="word">UNKNOWN</span> ${scenario ?? "a run without its scenario"}</h1>
<p class="answer">${brokenOffSentence}</p>
<p><b>Next:</b> look into the logs of the run for what ended it${again === undefined ? "" : ", then: "}${again === undefined ? undefined : markup`<code>${again.trim()}</code>`}.</p>
<p class="meta">run ${run}${seed === undefined ? "" : `, seed ${seed}`}${begun}</p>
</header>\n`;
}
