/**
 * C7: each (device, window) that is due has one row in the store, with the values of its last revision; nothing
 * else is there. Rows are told apart by the device and window fields, never by `_id` or index.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import { type StoreRows, storeKey } from "../facts/store-rows.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { compareWindow, type FoundWindow } from "./compare-window.ts";
import { createExpectedStates } from "./expected-state.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { createSolver } from "./solve-members.ts";
import { gatherStore } from "./store-keys.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

/** `stores.<name>` of summary.json. */
export type StoreTally = {
  expected: number;
  found: number;
  missing: number;
  unexpected: number;
  wrong: number;
  duplicated: number;
};

export function checkStores(facts: RunFacts): {
  readonly result: CheckResult;
  readonly tallies: Readonly<Record<string, StoreTally>>;
} {
  const index = createWindowIndex(facts);
  const list = createFindingList();
  const tallies: Record<string, StoreTally> = {};
  for (const rows of facts.stores) tallies[rows.store] = checkStore(facts, index, rows, list);
  // An empty store is judged, too: what counts is what should be there.
  const counts = Object.values(tallies);
  const evaluated = counts.reduce((sum, each) => sum + Math.max(each.expected, each.found), 0);
  return { result: resultOf("C7", evaluated, list), tallies };
}

/** One store; findings go to `list`. */
export function checkStore(
  facts: RunFacts,
  index: WindowIndex,
  rows: StoreRows,
  list: FindingList,
): StoreTally {
  const { windows } = facts.audit;
  const { device, window } = windows.columns;
  const keys = gatherStore(index, windows.length, rows);
  const states = createExpectedStates(facts.audit);
  const solve = createSolver(facts);
  const { sizeMs } = facts.plan.options.window;
  const tally = { expected: 0, found: rows.table.length, missing: 0, unexpected: 0 };
  const wrongs = { wrong: 0, duplicated: 0 };

  for (let row = 0; row < windows.length; row++) {
    const due = index.isDue(row);
    const at = keys.first[row]!;
    if (due) tally.expected += 1;
    if (due ? at < 0 : at >= 0) noteAbsentOrEarly(row, at);
    if (due && at >= 0) compare(row, at);
  }
  for (const [row, at] of keys.further) {
    wrongs.duplicated += 1;
    const other = keys.first[row]!;
    const { group } = rows.table.columns;
    const split = group[at] !== group[other];
    const found = `also ${storeKey(rows, other)}`;
    list.add(split ? "split-key" : "duplicate", () => ({ ...placeOf(row, at), found }));
    compare(row, at);
  }
  for (const at of keys.foreign) {
    tally.unexpected += 1;
    list.add("phantom", () => ({
      ...foreignPlace(at),
      found: "a row that no accepted reading belongs to",
    }));
  }

  function noteAbsentOrEarly(row: number, at: number): void {
    if (at >= 0) {
      tally.unexpected += 1;
      list.add("wrong-aggregate", () => ({ ...placeOf(row, at), found: "a window not due" }));
      return;
    }
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
    wrongs.wrong += 1;
    const { kind, ...said } = fault;
    list.add(kind, () => ({ ...placeOf(row, at), ...said }));
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
