/**
 * Holds what a store shows after a replay against what it, or another store, showed before, a bucket of rows after the
 * other. O(rows).
 *
 * - `same`: nothing else happened meanwhile. Both states must be equal, row by row.
 * - `grown`: new aggregates arrived meanwhile. Every row of before must still be there, with the same content, unless a
 *   *higher* version has taken its place. Rows that only the later state has are its growth.
 */
import type { ChangedRow } from "../facts/run-record.ts";
import { storeKey } from "../facts/store-rows.ts";
import { createDigestSum, type DigestSum, sameFingerprint } from "../observe/store-digest.ts";
import type { HeldRows, StoreScan } from "../observe/store-scan.ts";

type As = "same" | "grown";

export type Comparison = {
  /** Equal iff all is well. */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Examples, at most `examplesMax`. */
  readonly changed: readonly ChangedRow[];
};

const examplesMax = 8;

/** Both in as many buckets. Errors: `FactsError` where their rows can no longer be read. */
export function compareStates(before: StoreScan, after: StoreScan, as: As): Comparison {
  if (as === "same" && before.digest === after.digest) {
    return { digestBefore: before.digest, digestAfter: after.digest, changed: [] };
  }
  if (before.buckets !== after.buckets) throw new RangeError("the scans are not divided alike");
  const found: Found = { before: createDigestSum(), after: createDigestSum(), changed: [] };
  for (let bucket = 0; bucket < before.buckets; bucket++) {
    compareRows(before.read(bucket), after.read(bucket), as, found);
  }
  const { changed } = found;
  return { digestBefore: found.before.text(), digestAfter: found.after.text(), changed };
}

/** Over all buckets so far. */
type Found = {
  readonly before: DigestSum;
  readonly after: DigestSum;
  readonly changed: ChangedRow[];
};

function compareRows(before: HeldRows, after: HeldRows, as: As, found: Found): void {
  const rowOf = new Map<string, number>();
  for (let row = 0; row < lengthOf(before); row++) rowOf.set(placeAndKey(before, row), row);
  const superseded = new Set<number>();
  const { changed } = found;
  const isElsewhere = createHasKey(before);
  const note = (change: ChangedRow["change"], was: number, is: number): void => {
    if (changed.length < examplesMax) changed.push(changedRow(change, before, was, after, is));
  };
  for (let is = 0; is < lengthOf(after); is++) {
    const at = placeAndKey(after, is);
    const was = rowOf.get(at);
    if (was === undefined) {
      if (as === "grown") continue;
      note(isElsewhere(after.rows.keys[is]!) ? "split" : "extra", -1, is);
      found.after.add(after.fingerprints, is);
      continue;
    }
    rowOf.delete(at);
    const [older, newer] = [versionOf(before, was), versionOf(after, is)];
    if (as === "grown" && newer > older) {
      superseded.add(was);
      continue;
    }
    found.after.add(after.fingerprints, is);
    if (sameFingerprint(before.fingerprints, was, after.fingerprints, is)) continue;
    note(newer < older ? "back" : "changed", was, is);
  }
  for (const was of rowOf.values()) note("gone", was, -1);
  for (let row = 0; row < lengthOf(before); row++) {
    if (!superseded.has(row)) found.before.add(before.fingerprints, row);
  }
}

/** Whether the rows of before have one of that key in any place; asked of few rows, if any. */
function createHasKey({ rows }: HeldRows): (key: string) => boolean {
  let keys: ReadonlySet<string> | undefined;
  return (key) => {
    keys ??= new Set(rows.keys);
    return keys.has(key);
  };
}

function lengthOf({ rows }: HeldRows): number {
  return rows.table.length;
}

function placeAndKey({ rows, places }: HeldRows, row: number): string {
  return `${places[rows.table.columns.group[row]!] ?? ""}/${rows.keys[row]}`;
}

/** What orders the contents of one row: the version or the revision where the store has it, else the count. */
function versionOf({ rows: { table, columns: mapped } }: HeldRows, row: number): number {
  const { version, revision, count } = table.columns;
  if (mapped.includes("version")) return version[row]!;
  return mapped.includes("revision") ? revision[row]! : count[row]!;
}

function changedRow(
  change: ChangedRow["change"],
  before: HeldRows,
  was: number,
  after: HeldRows,
  is: number,
): ChangedRow {
  const key = is < 0 ? storeKey(before.rows, was) : storeKey(after.rows, is);
  return { change, key, expected: describe(before, was), found: describe(after, is) };
}

function describe(state: HeldRows, row: number): string {
  if (row < 0) return "no row";
  const { count, sum } = state.rows.table.columns;
  return `count ${count[row]}, sum ${sum[row]}, version ${versionOf(state, row)}`;
}
