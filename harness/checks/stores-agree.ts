/**
 * C8: all stores hold the same windows with the same values. Where one of them is wrong by C7, they differ for
 * that reason: such a difference is counted, and the window is not named again.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { type AnomalyClass, createFindingList, type FindingList } from "./finding.ts";
import type { StoreKeys } from "./store-keys.ts";
import type { WindowIndex } from "./window-index.ts";

/** Bucket after bucket, then the result. */
export function createStoresAgree() {
  const list = createFindingList();
  let [evaluated, compared] = [0, false];
  return {
    /** `faulty`: rows of the ledger that C7 names; `keys`: in the order of the stores. */
    take(
      facts: RunFacts,
      index: WindowIndex,
      keys: readonly StoreKeys[],
      faulty: ReadonlySet<number>,
    ): void {
      for (let other = 1; other < facts.stores.length; other++) {
        evaluated += compareStores(facts, index, keys, other, faulty, list);
        compared = true;
      }
    },
    /** Undefined for fewer than two stores: there is nothing to agree on. */
    result: (): CheckResult | undefined => (compared ? resultOf("C8", evaluated, list) : undefined),
  };
}

/**
 * The first store and another one. Windows of the ledger only: what belongs to none is a finding of C7 in either store.
 */
function compareStores(
  facts: RunFacts,
  index: WindowIndex,
  keys: readonly StoreKeys[],
  other: number,
  faulty: ReadonlySet<number>,
  list: FindingList,
): number {
  const { windows } = facts.audit;
  const [a, b] = [facts.stores[0]!, facts.stores[other]!];
  const [inA, inB] = [keys[0]!.first, keys[other]!.first];
  const lost = facts.record.drain === "empty" ? "lost-write" : "unseen";
  const sameValues = createSameValues(a, b);
  let evaluated = 0;
  for (let row = 0; row < windows.length; row++) {
    const [atA, atB] = [inA[row]!, inB[row]!];
    if (atA < 0 && atB < 0) continue;
    evaluated += 1;
    const { device, window } = windows.columns;
    const name = (kind: AnomalyClass, store: string, found: string): void => {
      const at = { device: index.nameOf(device[row]!), window: window[row]! };
      if (faulty.has(row)) list.echo(kind);
      else list.add(kind, () => ({ ...at, store, found }));
    };
    if (atA < 0 || atB < 0) {
      const [without, has] = atA < 0 ? [a, b] : [b, a];
      name(lost, without.store, `no row, though ${has.store} has one`);
    } else if (!sameValues(atA, atB)) {
      const [countA, countB] = [a.table.columns.count[atA]!, b.table.columns.count[atB]!];
      const older = countA < countB ? a : b;
      const found = `count ${countA} in ${a.store}, ${countB} in ${b.store}`;
      const behind = lost === "unseen" ? "unseen" : "stale-final";
      const kind = countA === countB ? "corrupt" : behind;
      name(kind, older.store, found);
    }
  }
  return evaluated;
}

/** Compares the fields that both stores have. Hot path: nothing is made for a row. */
function createSameValues(a: StoreRows, b: StoreRows): (atA: number, atB: number) => boolean {
  const [one, two] = [a.table.columns, b.table.columns];
  const optional = a.columns.filter((name) => b.columns.includes(name));
  const pairs = optional.map((name) => [one[name], two[name]] as const);
  return (atA, atB) => {
    if (!Object.is(one.count[atA], two.count[atB])) return false;
    if (!Object.is(one.sum[atA], two.sum[atB])) return false;
    if (one.digestHi[atA] !== two.digestHi[atB]) return false;
    if (one.digestLo[atA] !== two.digestLo[atB]) return false;
    if (one.digestOk[atA] !== two.digestOk[atB]) return false;
    for (const [x, y] of pairs) if (!Object.is(x[atA], y[atB])) return false;
    return true;
  };
}
