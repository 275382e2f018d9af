/** The path of a line, broken where nothing was seen for too long; what stands alone becomes a dot. Pure. */
import type { Point } from "./downsample.ts";

/** Places as shares 0..1; `joined` and `alone` are SVG path data over a square of `size`. */
export function linePath(
  places: readonly Point[],
  joinWithin: number,
  size: number,
): { readonly joined: string; readonly alone: string } {
  const runs: Point[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last !== undefined && place.x - last.x <= joinWithin) run!.push(place);
    else runs.push([place]);
  }
  const text = ({ x, y }: Point): string => `${(x * size).toFixed(1)} ${(y * size).toFixed(1)}`;
  const joined = runs.filter((run) => run.length > 1).map((run) => `M${run.map(text).join("L")}`);
  // A line of no length with round ends.
  const alone = runs.filter((run) => run.length === 1).map(([place]) => `M${text(place!)}h0`);
  return { joined: joined.join(""), alone: alone.join("") };
}
