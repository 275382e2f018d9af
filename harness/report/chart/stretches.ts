/** A line's points by equal stretches of x: what the table behind a chart and its hovering texts show. Pure. */
import type { ChartLine } from "./chart.ts";

export type Stretch = {
  readonly from: number;
  readonly to: number;
  /** By line, in their order: the highest y in it; undefined: nothing was seen. */
  readonly highest: readonly (number | undefined)[];
};

/** At most `max` of them, of a width of at least `least`; those without any point are left out. */
export function stretchesOf(
  lines: readonly Pick<ChartLine, "points">[],
  options: { readonly max: number; readonly least: number },
): readonly Stretch[] {
  const xs = lines.flatMap(({ points }) =>
    points.length === 0 ? [] : [points[0]!.x, points.at(-1)!.x],
  );
  if (xs.length === 0) return [];
  const first = Math.min(...xs);
  const width = Math.max(options.least, (Math.max(...xs) - first) / options.max);
  const found = new Map<number, (number | undefined)[]>();
  for (const [line, { points }] of lines.entries()) {
    for (const { x, y } of points) {
      const at = Math.min(options.max - 1, Math.floor((x - first) / width));
      const highest = found.get(at) ?? lines.map(() => undefined);
      found.set(at, highest);
      highest[line] = Math.max(highest[line] ?? y, y);
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([at, highest]) => ({ from: first + at * width, to: first + (at + 1) * width, highest }));
}
