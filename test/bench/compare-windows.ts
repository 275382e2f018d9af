/** Whether two aggregations of the same readings came to the same windows. Pure. */

export type Totals = {
  readonly count: number;
  /** Hundredths of a degree, as are `max` and `sum`. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
};

/** The last totals that were written of each window: by its start, epoch ms, and device. */
export type Windows = ReadonlyMap<number, ReadonlyMap<string, Totals>>;

/**
 * What is wrong, in one sentence, or undefined. A window that began before `finalBefore` is past
 * its retention and must be in both; of the later ones, which one side may still hold back, those
 * that both have must be equal, too.
 */
export function windowsDiffer(
  ours: Windows,
  theirs: Windows,
  finalBefore: number,
): string | undefined {
  let compared = 0;
  for (const start of new Set([...ours.keys(), ...theirs.keys()])) {
    const [own, other] = [ours.get(start) ?? none, theirs.get(start) ?? none];
    for (const device of new Set([...own.keys(), ...other.keys()])) {
      const [a, b] = [own.get(device), other.get(device)];
      const missing = a === undefined || b === undefined;
      if (missing && start >= finalBefore) continue;
      compared++;
      if (!missing && same(a, b)) continue;
      const [left, right] = [a, b].map((each) => JSON.stringify(each) ?? "nothing");
      return `window ${new Date(start).toISOString()} of ${device} is ${left} here, ${right} there`;
    }
  }
  return compared === 0 ? "there is no window to compare" : undefined;
}

const none: ReadonlyMap<string, Totals> = new Map();

function same(a: Totals, b: Totals): boolean {
  return a.count === b.count && a.min === b.min && a.max === b.max && a.sum === b.sum;
}
