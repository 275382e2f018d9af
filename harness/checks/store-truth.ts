/**
 * C7: each (device, window) that is due has one row in the store, with the values of its last revision; nothing
 * else is there. Rows are told apart by the device and window fields, never by `_id` or index. A wrong row that an
 * aborted transaction explains is an `aborted-read`.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type StoreRows, storeKey } from "../facts/store-rows.ts";
import { createAbortedOrigin } from "./aborted-aggregates.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { compareWindow, type FoundWindow } from "./compare-window.ts";
import { createExpectedStates } from "./expected-state.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { createRightRows } from "./right-rows.ts";
import { createSolver, type SolveMembers } from "./solve-members.ts";
import { gatherStore, gatherStores, type StoreKeys } from "./store-keys.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

/** `stores.<name>` of summary.json. */
export type StoreTally = {
  expected: number;
  found: number;
  missing: number;
  unexpected: number;
  wrong: number;
  duplicated: number;
  /** Of the missing and the wrong ones: those that the job skipped, as its dead-letter topic proves. Absent: it has none. */
  skipped?: number;
  /** Records in that topic, and why they are there, in the words of the job. */
  deadLetters?: number;
  deadLetterReasons?: Readonly<Record<string, number>>;
};

/** By store: rows of the ledger of which the store has no row, or an older revision than the last. */
export type Lacking = ReadonlyMap<string, ReadonlySet<number>>;

/** What a bucket's rows came to: rows of the ledger, by their numbers in the bucket. */
export type StoreFaults = {
  /** A store lacks them or holds them with other values: the stores cannot agree on them. */
  readonly faulty: ReadonlySet<number>;
  readonly lacking: Lacking;
};

type StoreResult = {
  readonly result: CheckResult;
  readonly tallies: Readonly<Record<string, StoreTally>>;
};

export function checkStores(facts: RunFacts): StoreResult & StoreFaults {
  const index = createWindowIndex(facts);
  const clause = createStoreTruth(facts);
  const faults = clause.take(facts, index, gatherStores(facts, index));
  return { ...clause.result(), ...faults };
}

/** Bucket after bucket, then the result. */
export function createStoreTruth(whole: WholeFacts) {
  const list = createFindingList();
  const solvers = new Map<string, SolveMembers>();
  const tallies: Record<string, StoreTally> = {};

  function take(facts: RunFacts, index: WindowIndex, keys: readonly StoreKeys[]): StoreFaults {
    const faulty = new Set<number>();
    const lacking = new Map<string, Set<number>>();
    for (const [nth, rows] of facts.stores.entries()) {
      const lacked = new Set<number>();
      lacking.set(rows.store, lacked);
      const marks = { faulty, lacked };
      const solve = solvers.get(rows.store) ?? createSolver(whole);
      solvers.set(rows.store, solve);
      const tally = checkStore(facts, index, rows, list, marks, keys[nth], solve);
      tallies[rows.store] = sumOf(tallies[rows.store], tally);
    }
    return { faulty, lacking };
  }

  function result(): StoreResult {
    // An empty store is judged, too: what counts is what should be there.
    const counts = Object.values(tallies);
    const evaluated = counts.reduce((sum, each) => sum + Math.max(each.expected, each.found), 0);
    return { result: resultOf("C7", evaluated, list), tallies };
  }

  return { take, result };
}

function sumOf(a: StoreTally | undefined, b: StoreTally): StoreTally {
  if (a === undefined) return b;
  return {
    expected: a.expected + b.expected,
    found: a.found + b.found,
    missing: a.missing + b.missing,
    unexpected: a.unexpected + b.unexpected,
    wrong: a.wrong + b.wrong,
    duplicated: a.duplicated + b.duplicated,
  };
}

/** Ledger rows that a store lacks or holds with other values; `lacked`: none, or an older revision. */
type Marks = { readonly faulty: Set<number>; readonly lacked: Set<number> };

/** One store; findings go to `list`, ledger rows to `marks`. */
export function checkStore(
  facts: RunFacts,
  index: WindowIndex,
  rows: StoreRows,
  list: FindingList,
  { faulty, lacked }: Marks = { faulty: new Set(), lacked: new Set() },
  keys: StoreKeys = gatherStore(index, facts.audit.windows.length, rows),
  solve: SolveMembers = createSolver(facts),
): StoreTally {
  const { windows } = facts.audit;
  const { device, window } = windows.columns;
  const states = createExpectedStates(facts.audit);
  const { sizeMs } = facts.plan.options.window;
  const isRight = createRightRows(facts.audit, rows, sizeMs);
  const abortedOrigin = createAbortedOrigin(facts);
  const tally = { expected: 0, found: rows.table.length, missing: 0, unexpected: 0 };
  const wrongs = { wrong: 0, duplicated: 0 };

  for (let row = 0; row < windows.length; row++) {
    const due = index.isDue(row);
    const at = keys.first[row]!;
    if (due) tally.expected += 1;
    if (due ? at < 0 : at >= 0) noteAbsentOrEarly(row, at);
    if (due && at >= 0 && !isRight(row, at)) compare(row, at);
  }
  for (const [row, at] of keys.further) {
    wrongs.duplicated += 1;
    const other = keys.first[row]!;
    const { group } = rows.table.columns;
    const split = group[at] !== group[other];
    // A scan has no order: of a row in two daily indices the one that is not in its day's is the one too many.
    const strays = split && liesInItsDay(row, at) && !liesInItsDay(row, other);
    const [stray, kept] = strays ? [other, at] : [at, other];
    const found = `also ${storeKey(rows, kept)}`;
    list.add(split ? "split-key" : "duplicate", () => ({ ...placeOf(row, stray), found }));
    compare(row, at);
  }
  for (const at of keys.foreign) {
    tally.unexpected += 1;
    const aborted = abortedOrigin(rows, at);
    const found = aborted ?? "a row that no accepted reading belongs to";
    list.add(aborted ? "aborted-read" : "phantom", () => ({ ...foreignPlace(at), found }));
  }

  function noteAbsentOrEarly(row: number, at: number): void {
    faulty.add(row);
    if (at >= 0) {
      tally.unexpected += 1;
      const aborted = abortedOrigin(rows, at);
      const found = aborted ?? "a window not due";
      list.add(aborted ? "aborted-read" : "wrong-aggregate", () => ({
        ...placeOf(row, at),
        found,
      }));
      return;
    }
    lacked.add(row);
    tally.missing += 1;
    const kind = facts.record.drain === "empty" ? "lost-write" : "unseen";
    list.add(kind, () => ({ ...placeOf(row, -1), found: "no row" }));
  }

  function compare(row: number, at: number): void {
    const name = index.nameOf(device[row]!);
    const start = window[row]!;
    const place = { row, device: device[row]!, name, window: start, windowEnd: start + sizeMs };
    const fault = compareWindow(states, solve, place, states.final(row), foundAt(rows, at));
    if (fault === undefined) return;
    faulty.add(row);
    wrongs.wrong += 1;
    const { kind, ...said } = fault;
    if (kind === "stale-final") lacked.add(row);
    // A job that has not come to the end of its topic may still bring the last revision.
    const early = kind === "stale-final" && facts.record.drain !== "empty";
    const aborted = abortedOrigin(rows, at);
    if (aborted !== undefined) {
      list.add("aborted-read", () => ({ ...placeOf(row, at), ...said, found: aborted }));
      return;
    }
    list.add(early ? "unseen" : kind, () => ({ ...placeOf(row, at), ...said }));
  }

  /** Whether the name of the row's index ends with the window's day, `yyyy.MM.dd`. */
  function liesInItsDay(row: number, at: number): boolean {
    const day = new Date(window[row]!).toISOString().slice(0, 10).replaceAll("-", ".");
    return rows.groups[rows.table.columns.group[at]!]?.endsWith(day) === true;
  }

  function placeOf(row: number, at: number) {
    const id = { device: index.nameOf(device[row]!), window: window[row]!, store: rows.store };
    return at < 0 ? id : { ...id, key: storeKey(rows, at) };
  }

  function foreignPlace(at: number) {
    const known = rows.table.columns.device[at]!;
    const start = rows.table.columns.window[at]!;
    return {
      device: rows.deviceTexts.get(at) ?? (known < 0 ? "?" : index.nameOf(known)),
      ...(Number.isNaN(start) ? {} : { window: start }),
      store: rows.store,
      key: storeKey(rows, at),
    };
  }

  return { ...tally, ...wrongs };
}

function foundAt({ table }: StoreRows, at: number): FoundWindow {
  const { columns } = table;
  return {
    count: columns.count[at]!,
    sum: columns.sum[at]!,
    digestHi: columns.digestHi[at]!,
    digestLo: columns.digestLo[at]!,
    digestOk: columns.digestOk[at] === 1,
    min: columns.min[at]!,
    max: columns.max[at]!,
    mean: columns.mean[at]!,
    revision: columns.revision[at]!,
    version: columns.version[at]!,
  };
}
