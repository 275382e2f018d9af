/** Which words of a chart are shown, where not all of them have room beside each other. Pure. */
import type { Mark } from "./chart.ts";

/** Those that stand far enough from all before them in the list. */
export function withRoom<T>(
  all: readonly T[],
  place: (one: T) => number,
  least: number,
): readonly T[] {
  const taken: number[] = [];
  return all.filter((one) => {
    const at = place(one);
    if (taken.some((other) => Math.abs(at - other) < least)) return false;
    taken.push(at);
    return true;
  });
}

/** Of two phases whose names would run into each other, the longer one keeps its name. */
export function longestFirst(marks: readonly Mark[]): readonly Mark[] {
  const lasted = marks.map((mark, index) => ({
    mark,
    ms: (marks[index + 1]?.at ?? Number.POSITIVE_INFINITY) - mark.at,
  }));
  // Nobody knows how long the last one would have lasted.
  lasted.sort((a, b) => (Number.isFinite(b.ms) ? b.ms : 0) - (Number.isFinite(a.ms) ? a.ms : 0));
  return lasted.map(({ mark }) => mark);
}
