/**
 * Whether a figure has changed between two results: the Hodges–Lehmann estimate of the ratio new/old, the median of all
 * ratios of a new run to an old one, with the 95 % interval of the Wilcoxon–Mann–Whitney test, exact for any number of
 * runs. It asks nothing of how the runs are distributed, and shows nothing with fewer than four on each side.
 * Source: Hollander, Wolfe, Chicken, Nonparametric Statistical Methods, 3rd ed., section 4.3.
 */
import type { BenchResult, BenchRow } from "./bench-result.ts";

export type RowChange = {
  readonly name: string;
  readonly unit: string;
  /** new/old. */
  readonly ratio: number;
  /** Undefined: too few runs for one. */
  readonly interval: readonly [low: number, high: number] | undefined;
  readonly change: "better" | "worse" | "no difference shown";
};

const doubt = 0.05;

/** Rows of both results; all figures are above 0. */
export function compareResults(old: BenchResult, now: BenchResult): readonly RowChange[] {
  return now.rows.flatMap((row) => {
    const before = old.rows.find(({ name, unit }) => name === row.name && unit === row.unit);
    return before === undefined ? [] : [compareRows(before, row)];
  });
}

function compareRows(before: BenchRow, { name, unit, better, values }: BenchRow): RowChange {
  const ratios = values.flatMap((value) => before.values.map((old) => value / old));
  const sorted = ratios.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const ratio = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  const cut = ranksCutOff(values.length, before.values.length);
  const interval = cut === 0 ? undefined : ([sorted[cut - 1]!, sorted.at(-cut)!] as const);
  return { name, unit, ratio, interval, change: changeOf(interval, better) };
}

function changeOf(
  interval: RowChange["interval"],
  better: BenchRow["better"],
): RowChange["change"] {
  if (interval === undefined) return "no difference shown";
  const [low, high] = interval;
  if (low <= 1 && high >= 1) return "no difference shown";
  return low > 1 === (better === "more") ? "better" : "worse";
}

/** The most of the smallest (and of the largest) ratios that may be cut off: P(U < cut) <= doubt / 2. */
function ranksCutOff(n: number, m: number): number {
  const ways = countsOfU(n, m);
  const all = ways.reduce((sum, each) => sum + each, 0);
  let below = 0;
  let cut = 0;
  while ((below + ways[cut]!) / all <= doubt / 2) below += ways[cut++]!;
  return cut;
}

/** Of the ways to order n and m runs, those whose U is 0, 1, …, n·m: the coefficients of the Gaussian binomial. */
function countsOfU(n: number, m: number): readonly number[] {
  let table = Array.from({ length: m + 1 }, () => [1]);
  for (let i = 1; i <= n; i++) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= m; j++) {
      // Either the largest is of the first sample, above j of the second, or of the second.
      const counts = new Array<number>(i * j + 1).fill(0);
      for (const [u, ways] of table[j]!.entries()) counts[u + j]! += ways;
      for (const [u, ways] of next[j - 1]!.entries()) counts[u]! += ways;
      next.push(counts);
    }
    table = next;
  }
  return table[m]!;
}
