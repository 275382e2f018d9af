/** By what and on what it was measured, and the scenario as it was played. */
import { bytesText } from "../bytes-text.ts";
import { type Markup, markup, shortened } from "../escape.ts";
import type { ReportRun } from "../report-run.ts";
import { section, table } from "./section.ts";

/** A scenario is a page or two; what is longer is not one of ours. */
const scenarioShown = 100_000;

export function environmentSection(run: ReportRun): Markup {
  const facts = run.kind === "finished" ? { ...run.summary.versions, ...run.summary.machine } : {};
  const rows = Object.entries(facts).map(([name, value]) =>
    name.endsWith("Bytes") && typeof value === "number"
      ? [name.slice(0, -"Bytes".length), bytesText(value)]
      : [name, String(value)],
  );
  return section(
    "environment",
    "Versions and machine",
    rows.length === 0
      ? markup`<p class="empty">not recorded</p>`
      : table({ caption: "What ran, and on what", head: ["what", "which"], rows }),
  );
}

export function scenarioSection({ scenarioText, series, latencies }: ReportRun): Markup {
  const damaged = [
    ...(series.damagedLines === 0
      ? []
      : [`${series.damagedLines} damaged lines of the series were left out`]),
    ...(latencies.damaged.length === 0
      ? []
      : [`histograms damaged: ${latencies.damaged.join(", ")}`]),
  ];
  return section(
    "scenario",
    "Scenario",
    scenarioText === undefined
      ? markup`<p class="empty">The scenario is not in the run folder.</p>`
      : markup`<details open><summary>As it was played, every default resolved</summary><pre>${shortened(scenarioText, scenarioShown)}</pre></details>`,
    damaged.length === 0
      ? undefined
      : markup`<p class="open">Of this report: ${damaged.join("; ")}.</p>`,
  );
}
