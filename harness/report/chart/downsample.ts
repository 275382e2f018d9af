/** Fewer points for the same picture: the lowest and the highest of each stretch stay, so that no peak is lost. Pure. */

export type Point = { readonly x: number; readonly y: number };

export const pointsMax = 600;

/** In the order of x, at most `max` points (at least 4): of each stretch of x the lowest and the highest y. */
export function downsample(points: readonly Point[], max = pointsMax): readonly Point[] {
  if (points.length <= max) return points;
  const first = points[0]!;
  const last = points.at(-1)!;
  // The ends always stay, and each stretch has two points.
  const stretches = Math.max(1, Math.floor((max - 2) / 2));
  const width = (last.x - first.x) / stretches || 1;
  const extremes = new Map<number, { low: Point; high: Point }>();
  for (const point of points.slice(1, -1)) {
    const stretch = Math.min(stretches - 1, Math.floor((point.x - first.x) / width));
    const seen = extremes.get(stretch);
    if (seen === undefined) extremes.set(stretch, { low: point, high: point });
    else if (point.y < seen.low.y) seen.low = point;
    else if (point.y > seen.high.y) seen.high = point;
  }
  const kept = [...extremes.values()].flatMap(({ low, high }) => {
    if (low === high) return [low];
    return low.x <= high.x ? [low, high] : [high, low];
  });
  return [first, ...kept, last];
}
