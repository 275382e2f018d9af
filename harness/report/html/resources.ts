/** What each process has used: cores over time, and the sums of the whole run. And how it paused. */
import { bytesText } from "../bytes-text.ts";
import { linearScale } from "../chart/scale.ts";
import { amountLabel, drawTimeChart, type TimeFrame } from "../chart/time-chart.ts";
import { type Markup, markup } from "../escape.ts";
import { pauseTexts, processesOf } from "../process-figures.ts";
import type { ReportRun } from "../report-run.ts";
import { coreLines } from "../series-lines.ts";
import type { SeriesUsage } from "../series-shape.ts";
import type { ProcessSummary } from "../summary-json.ts";
import { highest } from "./load-charts.ts";
import { section, table } from "./section.ts";

const pausesNote =
  "Loop delay: by how much the event loop came late to what was due. Both kinds of pauses are of the time in which the " +
  "run was played, of a killed process up to about a second before its end; – stands for what was not measured.";

export function resourcesSection(run: ReportRun, frame: TimeFrame): Markup {
  const lines = coreLines(run.series);
  const used = run.kind === "finished" ? processesOf(run.summary) : lastSeen(run);
  const rows = Object.entries(used).map(([name, process]) => {
    const { cpuSeconds, maxRssBytes, exits } = process;
    const { loopP99, loopMax, gcCount, gcTotal, gcMax } = pauseTexts(process);
    return [
      name,
      `${cpuSeconds.toFixed(1)} s`,
      bytesText(maxRssBytes),
      ...[loopP99, loopMax, gcCount, gcTotal, gcMax],
      exits.length === 0 ? "–" : exits.join(", "),
    ];
  });
  return section(
    "resources",
    "Resources by process",
    markup`<div class="charts">${drawTimeChart(frame, {
      title: "Cores in use",
      note: "CPU seconds a second, between two looks five seconds apart.",
      lines,
      y: linearScale(highest(lines), amountLabel),
      valueText: (value) => value.toFixed(2),
      joinWithin: 15_000,
    })}</div>`,
    table({
      caption:
        run.kind === "finished"
          ? "Of the whole run; servers of a kept stack also hold what they used before it"
          : "As last seen before the run was broken off",
      head: [
        ...["process", "CPU", "largest memory", "loop delay p99", "loop delay max"],
        ...["GC pauses", "GC in all", "longest GC pause", "ends"],
      ],
      rows,
      numbers: true,
    }),
    markup`<p>${pausesNote}</p>`,
  );
}

function lastSeen({ series }: ReportRun): Readonly<Record<string, ProcessSummary>> {
  const last: Record<string, SeriesUsage> = {};
  for (const { processes } of series.points) Object.assign(last, processes);
  return Object.fromEntries(
    Object.entries(last).map(([name, used]) => [name, { ...used, exits: [] }]),
  );
}
