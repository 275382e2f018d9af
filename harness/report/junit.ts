/**
 * `junit.xml` for CI: one suite a run, its cases come from `junit-cases.ts`. The story stands in the text of the
 * failure, because GitLab shows that and neither its message nor properties. Pure.
 */

import { type Markup, markup } from "./escape.ts";
import { type Case, casesOf } from "./junit-cases.ts";
import { brokenOffSentence, type ReportRun } from "./report-run.ts";

export function junitXml(run: ReportRun): string {
  if (run.kind === "broken-off") {
    const story = [brokenOffSentence, `Look into the logs of run ${run.run}.`];
    const outcome = { kind: "error", type: "UNKNOWN", story } as const;
    const cases: readonly Case[] = [{ group: "verdict", name: "the run is judged", outcome }];
    const scenario = run.scenario ?? "unknown scenario";
    const at = run.series.originMs;
    const begun = at === undefined ? undefined : new Date(at).toISOString();
    return suite({ scenario, run: run.run, seed: run.seed, begun, seconds: 0, cases });
  }
  const { summary } = run;
  const { scenario, seed, startedAt: begun, durationSeconds: seconds } = summary;
  return suite({ scenario, run: summary.run, seed, begun, seconds, cases: casesOf(summary) });
}

function suite(of: {
  readonly scenario: string;
  readonly run: string;
  readonly seed: number | undefined;
  readonly begun: string | undefined;
  readonly seconds: number;
  readonly cases: readonly Case[];
}): string {
  const { scenario, run, seed, begun, seconds, cases } = of;
  const name = `fleetproof ${scenario}${seed === undefined ? "" : ` seed ${seed}`} run ${run}`;
  const many = (kind: string): number =>
    cases.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = markup`tests="${cases.length}" failures="${many("failure")}" errors="${many("error")}" skipped="0" time="${seconds.toFixed(3)}"`;
  const time =
    begun === undefined ? undefined : markup` timestamp="${begun.replace(/\.\d+Z$/, "")}"`;
  const all = cases.map((one) => caseXml(one, scenario));
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
<testsuite name="${name}" ${counts}${time}>
${all}</testsuite>
</testsuites>
`.markup;
}

/** The run's time is the suite's; a case has none of its own. */
function caseXml({ group, name, outcome }: Case, scenario: string): Markup {
  const attributes = markup`classname="fleetproof.${scenario}.${group}" name="${name}" time="0"`;
  if (outcome.kind === "passed") return markup`<testcase ${attributes}/>\n`;
  const { kind, type, story } = outcome;
  const body = markup` message="${story[0] ?? type}" type="${type}">${story.join("\n")}\n`;
  return kind === "failure"
    ? markup`<testcase ${attributes}><failure${body}</failure></testcase>\n`
    : markup`<testcase ${attributes}><error${body}</error></testcase>\n`;
}
