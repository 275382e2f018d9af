/**
 * Holds the final revisions that one aggregator published against those of another over the same readings: count, sum,
 * extremes, contributors and revision of the last record of each (device, window). How many revisions came before the
 * last, and when, is each aggregator's own. Pure; O(records).
 */
import type { AggregatedRows } from "../facts/aggregated-rows.ts";
import type { ChangedRow } from "../facts/run-record.ts";
import { createStoreDigest } from "../observe/store-digest.ts";

export type FinalsComparison = {
  /** Windows with a final revision before. */
  readonly windows: number;
  /** Equal iff all is well. */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Examples, at most `examplesMax`. */
  readonly changed: readonly ChangedRow[];
};

const examplesMax = 8;
const contents = [
  "count",
  "sum",
  "min",
  "max",
  "digestHi",
  "digestLo",
  "revision",
  "faults",
] as const;

/** `nameOf`: of a device of the plan. Rows in log order. Records that cannot be read are not compared. */
export function compareFinals(
  before: AggregatedRows,
  after: AggregatedRows,
  nameOf: (device: number) => string,
): FinalsComparison {
  const [was, is] = [finalsOf(before, nameOf), finalsOf(after, nameOf)];
  const changed: ChangedRow[] = [];
  const note = (change: ChangedRow["change"], key: string): void => {
    if (changed.length >= examplesMax) return;
    const expected = describe(before, was.get(key));
    changed.push({ change, key, expected, found: describe(after, is.get(key)) });
  };
  for (const [key, row] of was) {
    const other = is.get(key);
    if (other === undefined) note("gone", key);
    else if (!sameContents(before, row, after, other)) note("changed", key);
  }
  for (const key of is.keys()) if (!was.has(key)) note("extra", key);
  return {
    windows: was.size,
    digestBefore: digestOf(before, was),
    digestAfter: digestOf(after, is),
    changed,
  };
}

/** The last row of each (device, window). */
function finalsOf(
  { table, deviceTexts }: AggregatedRows,
  nameOf: (device: number) => string,
): ReadonlyMap<string, number> {
  const { device, window, offset } = table.columns;
  const finals = new Map<string, number>();
  for (let row = 0; row < table.length; row++) {
    const start = window[row]!;
    if (Number.isNaN(start)) continue;
    const name = device[row]! >= 0 ? nameOf(device[row]!) : (deviceTexts.get(row) ?? "");
    const key = `${name} ${new Date(start).toISOString()}`;
    const known = finals.get(key);
    // A (device, window) lives in one partition, so that its offsets are its order.
    if (known === undefined || offset[known]! < offset[row]!) finals.set(key, row);
  }
  return finals;
}

function sameContents(
  a: AggregatedRows,
  rowOfA: number,
  b: AggregatedRows,
  rowOfB: number,
): boolean {
  return contents.every((name) =>
    Object.is(a.table.columns[name][rowOfA], b.table.columns[name][rowOfB]),
  );
}

function digestOf({ table }: AggregatedRows, finals: ReadonlyMap<string, number>): string {
  const digest = createStoreDigest();
  for (const [key, row] of finals) {
    digest.add(
      key,
      contents.map((name) => table.columns[name][row]!),
    );
  }
  return digest.text();
}

function describe({ table }: AggregatedRows, row: number | undefined): string {
  if (row === undefined) return "never published";
  const { count, sum, revision } = table.columns;
  return `count ${count[row]}, sum ${sum[row]}, revision ${revision[row]}`;
}
