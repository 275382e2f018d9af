/** The charts over time: load by stage, send lag, latency by hop, lag by stage. And the spectrum of percentiles. */

import type { ChartLine } from "../chart/chart.ts";
import { drawChart } from "../chart/chart.ts";
import { colourOf } from "../chart/colour-of.ts";
import { linearScale, logScale, percentileScale } from "../chart/scale.ts";
import {
  amountLabel,
  drawTimeChart,
  latencyLabel,
  type TimeChart,
  type TimeFrame,
} from "../chart/time-chart.ts";
import { type Markup, markup } from "../escape.ts";
import type { ReportRun } from "../report-run.ts";
import { hopLines, stageLines } from "../series-lines.ts";
import { namedPercentiles, spectrumOf, spectrumOfPercentiles } from "../spectrum.ts";
import { grouped, shortMs } from "../terminal-text.ts";
import { list, section } from "./section.ts";

export function loadSection(run: ReportRun, frame: TimeFrame): Markup {
  const { series } = run;
  const fleet = stageLines(series, "p99Ms", "readings").filter(({ name }) => name === "fleet");
  // 0: nothing was sent in that second.
  const lag = fleet.map((line) => ({ ...line, points: line.points.filter(({ y }) => y > 0) }));
  return section(
    "load",
    "Load and latency over time",
    bandList(frame),
    markup`<div class="charts">`,
    amounts(frame, {
      title: "Readings a second",
      note: "What the fleet sends, what the audit has read, what the aggregator has committed.",
      lines: stageLines(series, "perSecond", "readings"),
      unit: "/s",
    }),
    amounts(frame, {
      title: "Aggregates a second",
      note: "What the persisting jobs have committed: windows close together, so it comes in bursts.",
      lines: stageLines(series, "perSecond", "aggregates"),
      unit: "/s",
    }),
    latencies(frame, {
      title: "Send lag",
      note: "The worst p99 of a quarter second: the generator's own lateness, not the pipeline's.",
      lines: lag.map((line) => ({ ...line, name: "send lag p99" })),
    }),
    latencies(frame, {
      title: "Latency by hop",
      note: "From the moment a window could first close; p99 of each second, dotted its median.",
      lines: hopLines(series),
      joinWithin: 15_000,
    }),
    amounts(frame, {
      title: "Lag by stage",
      note: "Records behind the stage before it.",
      lines: stageLines(series, "lag", "both"),
      unit: "",
    }),
    spectrum(run),
    markup`</div>`,
  );
}

function amounts(
  frame: TimeFrame,
  chart: Omit<TimeChart, "y" | "valueText"> & { unit: string },
): Markup {
  const valueText = (value: number): string => `${grouped(value)}${chart.unit}`;
  return drawTimeChart(frame, {
    ...chart,
    y: linearScale(highest(chart.lines), amountLabel),
    valueText,
  });
}

function latencies(frame: TimeFrame, chart: Omit<TimeChart, "y" | "valueText">): Markup {
  const values = chart.lines.flatMap(({ points }) => points.map(({ y }) => y));
  return drawTimeChart(frame, { ...chart, y: logScale(values, latencyLabel), valueText: shortMs });
}

export function highest(lines: readonly ChartLine[]): number {
  return lines.reduce(
    (most, { points }) => points.reduce((max, { y }) => Math.max(max, y), most),
    0,
  );
}

/** One list for all charts: which number is which. */
function bandList({ bands }: TimeFrame): Markup | undefined {
  const faults = bands.filter(({ aftermath }) => !aftermath);
  if (faults.length === 0) return undefined;
  return markup`<p>Bands mark where a fault was on, pale ones the time until records flowed again:</p>${list(faults.map(({ title }) => title))}`;
}

function spectrum(run: ReportRun): Markup {
  const lines = spectrumLines(run);
  const deepest = Math.max(90, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  const nines = Math.ceil(-Math.log10(1 - Math.min(deepest, 99.999) / 100) - 1e-6);
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const at = (line: ChartLine, percentile: number): string => {
    const point = line.points.find(({ x }) => Math.abs(x - percentile) < 1e-9);
    return point === undefined ? "–" : shortMs(point.y);
  };
  const rows = namedPercentiles.map((percentile) => {
    const cells = lines.map((line) => markup`<td>${at(line, percentile)}</td>`);
    return markup`<tr><th scope="row">${percentile}%</th>${cells}</tr>`;
  });
  const heads = lines.map(({ name }) => markup`<th scope="col">${name}</th>`);
  const title = "Percentile spectrum";
  const p99s = lines.map((line) => `${line.name} ${at(line, 99)}`);
  return drawChart({
    title,
    note: "How long the slowest half, tenth, hundredth … took; no deeper than the samples reach.",
    spoken: `${title}; p99: ${p99s.join(", ")}.`,
    x: percentileScale(nines),
    y: logScale(values, latencyLabel),
    lines,
    joinWithin: 1,
    hovers: namedPercentiles.slice(0, nines + 1).map((percentile, index) => ({
      from: index === 0 ? 0 : namedPercentiles[index - 1]!,
      to: percentile,
      text: [
        `${percentile}%`,
        ...lines.map((line) => `${line.name}: ${at(line, percentile)}`),
      ].join("\n"),
    })),
    table: {
      caption: `${title}: by percentile`,
      rows: markup`<thead><tr><th scope="col">percentile</th>${heads}</tr></thead><tbody>${rows}</tbody>`,
    },
    legend: Object.fromEntries(lines.map((line) => [line.name, `p99 ${at(line, 99)}`])),
  });
}

/** Histograms where they are on file, else what the summary has. */
function spectrumLines(run: ReportRun): ChartLine[] {
  const kept = run.latencies.histograms;
  const summed: Readonly<Record<string, Parameters<typeof spectrumOfPercentiles>[0]>> =
    run.kind === "finished" ? { sendLag: run.summary.sendLagMs, ...run.summary.latencyMs } : {};
  const hops = [...new Set([...Object.keys(kept), ...Object.keys(summed)])];
  return hops.map((hop) => ({
    name: hop === "sendLag" ? "send lag" : hop,
    colour: colourOf(hop),
    points: kept[hop]
      ? spectrumOf(kept[hop])
      : summed[hop]
        ? spectrumOfPercentiles(summed[hop])
        : [],
  }));
}
