/** A chart over the time of a run: the scale, bands, hovering texts and table that all of them share. */
import { type Markup, markup } from "../escape.ts";
import { type Band, type Chart, type ChartLine, drawChart, type Mark } from "./chart.ts";
import { downsample, pointsMax } from "./downsample.ts";
import { type Scale, timeScale } from "./scale.ts";
import { stretchesOf } from "./stretches.ts";

/** What all charts of a run have in common. Times in milliseconds since the load began. */
export type TimeFrame = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bands: readonly Band[];
  readonly phases: readonly Mark[];
};

export type TimeChart = {
  readonly title: string;
  readonly note: string;
  /** x in milliseconds since the load began. */
  readonly lines: readonly ChartLine[];
  readonly y: Scale;
  readonly valueText: (value: number) => string;
  /** Milliseconds; by default five seconds. */
  readonly joinWithin?: number;
};

const tableRowsMax = 40;
const hoversMax = 120;

export function drawTimeChart(frame: TimeFrame, chart: TimeChart): Markup {
  const { title, note, y, valueText, joinWithin = 5_000 } = chart;
  const lines = chart.lines.filter(({ points }) => points.length > 0);
  const highest = lines.map(({ name, points }) => [
    name,
    valueText(points.reduce((most, point) => Math.max(most, point.y), 0)),
  ]);
  return drawChart({
    title,
    note,
    spoken: `${title} over time; highest ${highest.map((pair) => pair.join(" ")).join(", ")}.`,
    x: timeScale(frame.fromMs, frame.toMs, timeText),
    y,
    lines: lines.map((line) => ({ ...line, points: downsample(line.points) })),
    // Thinned out, points stand further apart than they were seen.
    joinWithin: Math.max(joinWithin / Math.max(1, frame.toMs - frame.fromMs), 6 / pointsMax),
    bands: frame.bands,
    marks: frame.phases,
    hovers: stretchesOf(lines, { max: hoversMax, least: 1_000 }).map(({ from, to, highest }) => ({
      from,
      to,
      text: [
        timeText(from),
        ...lines.flatMap(({ name }, at) =>
          highest[at] === undefined ? [] : `${name}: ${valueText(highest[at])}`,
        ),
      ].join("\n"),
    })),
    table: { caption: `${title}: the highest of each stretch`, rows: tableOf(lines, valueText) },
    legend: Object.fromEntries(highest.map(([name, value]) => [name, `max ${value}`])),
  } satisfies Chart);
}

function tableOf(lines: readonly ChartLine[], valueText: (value: number) => string): Markup {
  const rows = stretchesOf(lines, { max: tableRowsMax, least: 1_000 });
  const cells = rows.map(({ from, highest }) => {
    const values = highest.map(
      (value) => markup`<td>${value === undefined ? "–" : valueText(value)}</td>`,
    );
    return markup`<tr><th scope="row">${timeText(from)}</th>${values}</tr>`;
  });
  const heads = lines.map(({ name }) => markup`<th scope="col">${name}</th>`);
  return markup`<thead><tr><th scope="col">from</th>${heads}</tr></thead><tbody>${cells}</tbody>`;
}

/** `0`, `45 s`, `2:30`, `1:02:00`; what lies before the load has a minus. */
export function timeText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const sign = ms < 0 && seconds > 0 ? "−" : "";
  if (seconds === 0) return "0";
  if (seconds < 90) return `${sign}${seconds} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60)];
  if (hours === 0) return `${sign}${minutes}:${two(seconds % 60)}`;
  return `${sign}${hours}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

export const latencyLabel = (ms: number): string =>
  ms >= 1_000
    ? `${ms / 1_000} s`
    : ms >= 1
      ? `${ms} ms`
      : `${Number((ms * 1_000).toPrecision(3))} µs`;

/** `0`, `500`, `20k`, `1.5m`. */
export function amountLabel(value: number): string {
  for (const [size, letter] of [
    [1e9, "b"],
    [1e6, "m"],
    [1e3, "k"],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(4))}${letter}`;
  }
  return String(Number(value.toPrecision(4)));
}
