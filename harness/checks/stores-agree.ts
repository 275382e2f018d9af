/** C8: all stores hold the same windows with the same values. */
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { gatherStore } from "./store-keys.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

/** Undefined for fewer than two stores: there is nothing to agree on. */
export function checkStoresAgree(facts: RunFacts): CheckResult | undefined {
  const [first, ...others] = facts.stores;
  if (first === undefined || others.length === 0) return undefined;
  const index = createWindowIndex(facts);
  const list = createFindingList();
  let evaluated = 0;
  for (const other of others) evaluated += compareStores(facts, index, first, other, list);
  return resultOf("C8", evaluated, list);
}

/** Windows of the ledger only: what belongs to none is a finding of C7 in either store. */
function compareStores(
  facts: RunFacts,
  index: WindowIndex,
  a: StoreRows,
  b: StoreRows,
  list: FindingList,
): number {
  const { windows } = facts.audit;
  const inA = gatherStore(index, windows.length, a).first;
  const inB = gatherStore(index, windows.length, b).first;
  const lost = facts.record.drain === "empty" ? "lost-write" : "unseen";
  let evaluated = 0;
  for (let row = 0; row < windows.length; row++) {
    const [atA, atB] = [inA[row]!, inB[row]!];
    if (atA < 0 && atB < 0) continue;
    evaluated += 1;
    const { device, window } = windows.columns;
    const place = () => ({ device: index.nameOf(device[row]!), window: window[row]! });
    if (atA < 0 || atB < 0) {
      const [without, has] = atA < 0 ? [a, b] : [b, a];
      const found = `no row, though ${has.store} has one`;
      list.add(lost, () => ({ ...place(), store: without.store, found }));
    } else if (!sameValues(a, atA, b, atB)) {
      const [countA, countB] = [a.table.columns.count[atA]!, b.table.columns.count[atB]!];
      const older = countA < countB ? a : b;
      const found = `count ${countA} in ${a.store}, ${countB} in ${b.store}`;
      const kind = countA === countB ? "corrupt" : "stale-final";
      list.add(kind, () => ({ ...place(), store: older.store, found }));
    }
  }
  return evaluated;
}

/** The fields that both stores have. */
function sameValues(a: StoreRows, atA: number, b: StoreRows, atB: number): boolean {
  const [one, two] = [a.table.columns, b.table.columns];
  const optional = a.columns.filter((name) => b.columns.includes(name));
  const names = ["count", "sum", "digestHi", "digestLo", "digestOk", ...optional] as const;
  return names.every((name) => Object.is(one[name][atA], two[name][atB]));
}
