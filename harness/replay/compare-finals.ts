/**
 * Holds the final revisions that one aggregator published against those of another over the same readings: count, sum,
 * extremes, contributors and revision of the last record of each (device, window). How many revisions came before the
 * last, and when, is each aggregator's own. A bucket of records after the other; O(records).
 */
import type { AggregatedBuckets, AggregatedRows } from "../facts/aggregated-rows.ts";
import type { ChangedRow } from "../facts/run-record.ts";
import { createDigestSum, type DigestSum, fingerprintOf } from "../observe/store-digest.ts";

export type FinalsComparison = {
  /** Windows with a final revision before. */
  readonly windows: number;
  /** Records after. */
  readonly records: number;
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

/**
 * `nameOf`: of a device of the plan. Both in as many buckets, by device. Records that cannot be read are not compared.
 * Errors: `FactsError`.
 */
export function compareFinals(
  before: AggregatedBuckets,
  after: AggregatedBuckets,
  nameOf: (device: number) => string,
): FinalsComparison {
  if (before.buckets !== after.buckets) throw new RangeError("the topics are not divided alike");
  const sums = { before: createDigestSum(), after: createDigestSum() };
  const changed: ChangedRow[] = [];
  let [windows, records] = [0, 0];
  for (let bucket = 0; bucket < before.buckets; bucket++) {
    const [old, anew] = [before.read(bucket), after.read(bucket)];
    const [was, is] = [finalsOf(old, nameOf), finalsOf(anew, nameOf)];
    windows += was.size;
    records += anew.table.length;
    addFinals(old, was, sums.before);
    addFinals(anew, is, sums.after);
    for (const { change, key } of differences(old, was, anew, is)) {
      if (changed.length >= examplesMax) break;
      const expected = describe(old, was.get(key));
      changed.push({ change, key, expected, found: describe(anew, is.get(key)) });
    }
  }
  const [digestBefore, digestAfter] = [sums.before.text(), sums.after.text()];
  return { windows, records, digestBefore, digestAfter, changed };
}

type Finals = ReadonlyMap<string, number>;

function* differences(old: AggregatedRows, was: Finals, anew: AggregatedRows, is: Finals) {
  for (const [key, row] of was) {
    const other = is.get(key);
    if (other === undefined) yield { change: "gone", key } as const;
    else if (!sameContents(old, row, anew, other)) yield { change: "changed", key } as const;
  }
  for (const key of is.keys()) if (!was.has(key)) yield { change: "extra", key } as const;
}

/** The last row of each (device, window). */
function finalsOf(
  { table, deviceTexts }: AggregatedRows,
  nameOf: (device: number) => string,
): Finals {
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

function addFinals({ table }: AggregatedRows, finals: Finals, sum: DigestSum): void {
  for (const [key, row] of finals) {
    const values = contents.map((name) => table.columns[name][row]!);
    sum.add(fingerprintOf(key, values), 0);
  }
}

function describe({ table }: AggregatedRows, row: number | undefined): string {
  if (row === undefined) return "never published";
  const { count, sum, revision } = table.columns;
  return `count ${count[row]}, sum ${sum[row]}, revision ${revision[row]}`;
}
