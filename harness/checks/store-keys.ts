/** The rows of a store, gathered by window of the ledger. */
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import type { WindowIndex } from "./window-index.ts";

export type StoreKeys = {
  /** The first row of the store for each ledger row; -1: none. */
  readonly first: Int32Array;
  /** Further rows for a ledger row that has one already: [ledger row, store row]. */
  readonly further: readonly (readonly [number, number])[];
  /** Store rows that belong to no window of the ledger. */
  readonly foreign: readonly number[];
};

/** In the order of the facts' stores. */
export function gatherStores(
  { audit, stores }: Pick<RunFacts, "audit" | "stores">,
  index: WindowIndex,
): readonly StoreKeys[] {
  return stores.map((rows) => gatherStore(index, audit.windows.length, rows));
}

export function gatherStore(index: WindowIndex, ledgerRows: number, rows: StoreRows): StoreKeys {
  const { table, deviceTexts } = rows;
  const { device, window } = table.columns;
  const first = new Int32Array(ledgerRows).fill(-1);
  const further: [number, number][] = [];
  const foreign: number[] = [];
  for (let at = 0; at < table.length; at++) {
    const inPlan = device[at]!;
    const known = inPlan >= 0 ? inPlan : index.deviceOf(inPlan, deviceTexts.get(at));
    const row = index.rowOf(known, window[at]!);
    if (row < 0) foreign.push(at);
    else if (first[row] === -1) first[row] = at;
    else further.push([row, at]);
  }
  return { first, further, foreign };
}
