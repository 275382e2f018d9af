/**
 * A chart as one figure: caption, legend, plot, and the table behind it. The plot is an SVG that stretches with the
 * page; its words stand around it as text, so that they keep their size on a telephone and on paper. Without
 * scripts: hovering shows the titles of invisible columns. Pure; places are shares of the plot, 0..1.
 */
import { type Markup, markup } from "../escape.ts";
import { colours } from "./colour-of.ts";
import type { Point } from "./downsample.ts";
import { linePath } from "./line-path.ts";
import { longestFirst, withRoom } from "./room.ts";
import type { Scale } from "./scale.ts";

export type ChartLine = {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly Point[];
  /** A second figure of the same thing: the median beside the p99. */
  readonly faint?: boolean;
  /** Lines of one colour belong together; from `colours` on the same ones, dashed. */
  readonly colour: number;
};

/** Something that was on for a while: `from` to `to` on the axis of x. */
export type Band = {
  readonly from: number;
  readonly to: number;
  /** Short: its number in the list of faults. */
  readonly label: string;
  readonly title: string;
  /** Lighter: what followed from it. */
  readonly aftermath?: boolean;
};

/** From there on something else goes on: a phase. */
export type Mark = { readonly at: number; readonly label: string };

export type Chart = {
  readonly title: string;
  /** What is drawn, in which unit, in one sentence. */
  readonly note: string;
  /** What a person who cannot see it is told. */
  readonly spoken: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly lines: readonly ChartLine[];
  /** Points further apart than this share of the plot are not joined. */
  readonly joinWithin: number;
  readonly bands?: readonly Band[];
  readonly marks?: readonly Mark[];
  readonly hovers: readonly { readonly from: number; readonly to: number; readonly text: string }[];
  readonly table: { readonly caption: string; readonly rows: Markup };
  /** By name of the line: what stands beside it in the legend. */
  readonly legend?: Readonly<Record<string, string>>;
};

const size = 1_000;

export function drawChart(chart: Chart): Markup {
  const { title, note, spoken, lines, table } = chart;
  const drawn = lines.filter(({ points }) => points.length > 0);
  const head = markup`<figcaption><h3>${title}</h3><p>${note}</p></figcaption>`;
  if (drawn.length === 0) {
    return markup`<figure class="chart">${head}<p class="empty">no samples</p></figure>\n`;
  }
  return markup`<figure class="chart">${head}
${legend(chart)}
<div class="plot" role="img" aria-label="${spoken}">${words(chart)}<svg viewBox="0 0 ${size} ${size}" preserveAspectRatio="none" aria-hidden="true">${drawing(chart)}</svg></div>
<details><summary>The figures of this chart</summary><div class="box" tabindex="0" role="region" aria-label="${table.caption}"><table><caption><span>${table.caption}</span></caption>${table.rows}</table></div></details>
</figure>\n`;
}

function drawing({ x, y, lines, joinWithin, bands = [], marks = [], hovers }: Chart): Markup {
  const at = (share: number): string => (share * size).toFixed(1);
  const wide = (from: number, to: number): string =>
    at(Math.max(0.003, x.place(to) - x.place(from)));
  const grid = y.ticks.map(
    ({ value }) => markup`<path class="grid" d="M0 ${at(1 - y.place(value))}h${size}"/>`,
  );
  const shown = bands.map(
    ({ from, to, title, aftermath }) =>
      markup`<rect class="${aftermath ? "aftermath" : "band"}" x="${at(x.place(from))}" y="0" width="${wide(from, to)}" height="${size}"><title>${title}</title></rect>`,
  );
  const phases = marks.map(
    ({ at: from }) => markup`<path class="mark" d="M${at(x.place(from))} 0v${size}"/>`,
  );
  const paths = lines.map((line) => {
    const places = line.points.map((point) => ({ x: x.place(point.x), y: 1 - y.place(point.y) }));
    const { joined, alone } = linePath(places, joinWithin, size);
    const classes = classOf(line);
    return markup`<path class="line ${classes}" d="${joined}"/><path class="dots ${classes}" d="${alone}"/>`;
  });
  const columns = hovers.map(
    ({ from, to, text }) =>
      markup`<rect class="hover" x="${at(x.place(from))}" y="0" width="${wide(from, to)}" height="${size}"><title>${text}</title></rect>`,
  );
  return markup`${grid}${shown}${phases}${paths}${columns}`;
}

function words({ x, y, bands = [], marks = [] }: Chart): readonly Markup[] {
  const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
  return [
    ...y.ticks.map(
      ({ value, label }) =>
        markup`<span class="y" style="bottom:${percent(y.place(value))}">${label}</span>`,
    ),
    ...x.ticks.map(
      ({ value, label }, index) =>
        markup`<span class="x${index % 2 === 1 ? " odd" : ""}" style="left:${percent(x.place(value))}">${label}</span>`,
    ),
    ...withRoom(longestFirst(marks), ({ at }) => x.place(at), 0.16).map(
      ({ at, label }) =>
        markup`<span class="phase" style="left:${percent(x.place(at))}">${label}</span>`,
    ),
    ...withRoom(
      bands.filter(({ aftermath }) => !aftermath),
      ({ from }) => x.place(from),
      0.025,
    ).map(
      ({ from, label }) =>
        markup`<span class="number" style="left:${percent(x.place(from))}">${label}</span>`,
    ),
  ];
}

function legend({ lines, legend: values = {} }: Chart): Markup {
  const entries = lines.map((line) => {
    if (line.points.length === 0) return undefined;
    const swatch = markup`<svg viewBox="0 0 24 8" aria-hidden="true"><path class="line ${classOf(line)}" d="M1 4h22"/></svg>`;
    const value = values[line.name];
    return markup`<li>${swatch}${line.name}${value === undefined ? undefined : markup` <b>${value}</b>`}</li>`;
  });
  return markup`<ul class="legend">${entries}</ul>`;
}

function classOf({ faint, colour }: ChartLine): string {
  return `c${colour % colours}${colour >= colours ? " second" : ""}${faint ? " faint" : ""}`;
}
