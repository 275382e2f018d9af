/**
 * `report.html`: one file that needs nothing else. No script, no network (its own policy forbids both), light and
 * dark, paper and telephone. The verdict and the answer come first. Pure.
 */
import { type Markup, markup, rawMarkup } from "../escape.ts";
import type { ReportRun } from "../report-run.ts";
import { timeFrame } from "../series-lines.ts";
import { correctnessSection, findingsSection, thresholdsSection } from "./correctness.ts";
import { burstsSection, faultsSection, replaysSection } from "./disturbances.ts";
import { environmentSection, scenarioSection } from "./environment.ts";
import { loadSection } from "./load-charts.ts";
import { resourcesSection } from "./resources.ts";
import { styleSheet } from "./style.ts";
import { verdictHead } from "./verdict.ts";

/** Nothing is fetched, nothing is run, whatever a text in the page might try. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function reportPage(run: ReportRun): string {
  const frame = timeFrame(run);
  const judged = run.kind === "finished" ? run.summary : undefined;
  const verdict = judged?.verdict ?? "UNKNOWN";
  const name = judged?.scenario ?? (run.kind === "broken-off" ? run.scenario : undefined) ?? "run";
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${verdict} · ${name} · fleetproof</title>
<link rel="icon" href="data:,">
<style>${rawMarkup(styleSheet)}</style>
</head>
<body>
${verdictHead(run)}
${contents(run)}
<main>
${judged && [correctnessSection(judged), thresholdsSection(judged), findingsSection(judged), faultsSection(judged)]}
${loadSection(run, frame)}
${resourcesSection(run, frame)}
${judged && [replaysSection(judged), burstsSection(judged)]}
${environmentSection(run)}
${scenarioSection(run)}
</main>
<footer><p class="soft">Made by fleetproof from the facts of the run; <code>fleetproof report</code> makes it again.</p></footer>
</body>
</html>
`;
  return page.markup;
}

/** Links within the page, to the sections that are there. */
function contents(run: ReportRun): Markup {
  const judged = run.kind === "finished" ? run.summary : undefined;
  const sections: readonly (readonly [id: string, title: string, there: boolean])[] = [
    ["correctness", "Correctness", judged !== undefined],
    ["thresholds", "Thresholds", judged !== undefined],
    ["findings", "Findings", judged !== undefined],
    ["faults", "Faults", (judged?.faults.length ?? 0) > 0],
    ["load", "Load and latency", true],
    ["resources", "Resources", true],
    ["replay", "Replay", (judged?.replay.length ?? 0) > 0],
    ["bursts", "Bursts", (judged?.bursts.length ?? 0) > 0],
    ["environment", "Versions and machine", true],
    ["scenario", "Scenario", true],
  ];
  const links = sections.flatMap(([id, title, there]) =>
    there ? [markup`<li><a href="#${id}">${title}</a></li>`] : [],
  );
  return markup`<nav aria-label="Contents"><ul>${links}</ul></nav>`;
}
