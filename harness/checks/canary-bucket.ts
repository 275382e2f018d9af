/**
 * The bucket of windows that the canary is planted in: the run's own facts, cut down to some windows of the ledger and
 * to what topics and stores hold of them. A few hundred windows prove as much as all, and cost nothing.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { addRow, createTable, type Table, type TableSpec } from "../facts/table.ts";
import type { Published } from "./published.ts";
import type { StoreKeys } from "./store-keys.ts";

/** `rows`: of the ledger's windows. `keys`: of each store in the order of `facts.stores`. */
export function cutBucket(
  facts: RunFacts,
  rows: ReadonlySet<number>,
  published: Published,
  keys: readonly StoreKeys[],
): RunFacts {
  const { audit, topics, stores } = facts;
  const kept = [...rows].sort((a, b) => a - b);
  const records = kept.flatMap((row) => [...published.of(row)]);
  const { table, deviceTexts } = topics.aggregated;
  const aggregated = {
    table: pick(table, records),
    deviceTexts: pickTexts(deviceTexts, records),
  };
  return {
    ...facts,
    audit: { ...audit, windows: pick(audit.windows, kept), revisions: revisionsOf(audit, kept) },
    topics: { ...topics, aggregated },
    stores: stores.map((store, nth) => cutStore(store, kept, rows, keys[nth]!)),
  };
}

function revisionsOf({ revisions }: RunFacts["audit"], kept: readonly number[]) {
  const places = new Map(kept.map((row, place) => [row, place]));
  const found: number[] = [];
  const { row } = revisions.columns;
  for (let at = 0; at < revisions.length; at++) if (places.has(row[at]!)) found.push(at);
  const cut = pick(revisions, found);
  for (let at = 0; at < cut.length; at++) {
    cut.columns.row[at] = places.get(cut.columns.row[at]!)!;
  }
  return cut;
}

/** Keys are for readers of findings; nobody reads these. */
function cutStore(
  store: StoreRows,
  kept: readonly number[],
  rows: ReadonlySet<number>,
  { first, further }: StoreKeys,
): StoreRows {
  const own = kept.map((row) => first[row]!).filter((at) => at >= 0);
  const more = further.filter(([row]) => rows.has(row)).map(([, at]) => at);
  const all = [...own, ...more];
  const { table, deviceTexts } = store;
  const texts = pickTexts(deviceTexts, all);
  return { ...store, table: pick(table, all), deviceTexts: texts, keys: [], packedKeys: undefined };
}

function pick<S extends TableSpec>(table: Table<S>, rows: readonly number[]): Table<S> {
  const picked = createTable(table.spec, rows.length + 1);
  for (const row of rows) {
    const at = addRow(picked);
    for (const name of Object.keys(table.spec) as (keyof S)[]) {
      picked.columns[name][at] = table.columns[name][row]!;
    }
  }
  return picked;
}

function pickTexts(
  texts: ReadonlyMap<number, string>,
  rows: readonly number[],
): Map<number, string> {
  const picked = new Map<number, string>();
  for (const [at, row] of rows.entries()) {
    const text = texts.get(row);
    if (text !== undefined) picked.set(at, text);
  }
  return picked;
}
