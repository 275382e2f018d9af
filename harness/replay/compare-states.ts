/**
 * Holds what a store shows after a replay against what it, or another store, showed before. Pure; O(rows).
 *
 * - `same`: nothing else happened meanwhile. Both states must be equal, row by row.
 * - `grown`: new aggregates arrived meanwhile. Every row of before must still be there, with the same content, unless a
 *   *higher* version has taken its place. Rows that only the later state has are its growth.
 */
import type { ChangedRow } from "../facts/run-record.ts";
import { storeKey } from "../facts/store-rows.ts";
import { digestOfRows, sameFingerprint } from "../observe/store-digest.ts";
import type { StoreScan } from "../observe/store-scan.ts";

type State = Pick<StoreScan, "rows" | "places" | "digest" | "fingerprints">;

export type Comparison = {
  /** Equal iff all is well. */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Examples, at most `examplesMax`. */
  readonly changed: readonly ChangedRow[];
};

const examplesMax = 8;

export function compareStates(before: State, after: State, as: "same" | "grown"): Comparison {
  if (as === "same" && before.digest === after.digest) {
    return { digestBefore: before.digest, digestAfter: after.digest, changed: [] };
  }
  const rowOf = new Map<string, number>();
  for (let row = 0; row < lengthOf(before); row++) rowOf.set(placeAndKey(before, row), row);
  const superseded = new Set<number>();
  const held = new Set<number>();
  const changed: ChangedRow[] = [];
  const isElsewhere = createHasKey(before);
  const note = (change: ChangedRow["change"], was: number, is: number): void => {
    if (changed.length < examplesMax) changed.push(changedRow(change, before, was, after, is));
  };
  for (let is = 0; is < lengthOf(after); is++) {
    const at = placeAndKey(after, is);
    const was = rowOf.get(at);
    if (was === undefined) {
      if (as === "same") note(isElsewhere(after.rows.keys[is]!) ? "split" : "extra", -1, is);
      continue;
    }
    rowOf.delete(at);
    const [older, newer] = [versionOf(before, was), versionOf(after, is)];
    if (as === "grown" && newer > older) {
      superseded.add(was);
      continue;
    }
    held.add(is);
    if (sameFingerprint(before.fingerprints, was, after.fingerprints, is)) continue;
    note(newer < older ? "back" : "changed", was, is);
  }
  for (const was of rowOf.values()) note("gone", was, -1);
  return {
    digestBefore: digestOfRows(before.fingerprints, (row) => !superseded.has(row)),
    digestAfter: digestOfRows(after.fingerprints, (row) => as === "same" || held.has(row)),
    changed,
  };
}

/** Whether the state has a row of that key in any place; asked of few rows, if any. */
function createHasKey({ rows }: State): (key: string) => boolean {
  let keys: ReadonlySet<string> | undefined;
  return (key) => {
    keys ??= new Set(rows.keys);
    return keys.has(key);
  };
}

function lengthOf({ rows }: State): number {
  return rows.table.length;
}

function placeAndKey({ rows, places }: State, row: number): string {
  return `${places[rows.table.columns.group[row]!] ?? ""}/${rows.keys[row]}`;
}

/** What orders the contents of one row: the version or the revision where the store has it, else the count. */
function versionOf({ rows: { table, columns: mapped } }: State, row: number): number {
  const { version, revision, count } = table.columns;
  if (mapped.includes("version")) return version[row]!;
  return mapped.includes("revision") ? revision[row]! : count[row]!;
}

function changedRow(
  change: ChangedRow["change"],
  before: State,
  was: number,
  after: State,
  is: number,
): ChangedRow {
  const key = is < 0 ? storeKey(before.rows, was) : storeKey(after.rows, is);
  return { change, key, expected: describe(before, was), found: describe(after, is) };
}

function describe(state: State, row: number): string {
  if (row < 0) return "no row";
  const { count, sum } = state.rows.table.columns;
  return `count ${count[row]}, sum ${sum[row]}, version ${versionOf(state, row)}`;
}
