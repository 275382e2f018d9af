/**
 * What a scan of one store saw: a row for every document or table row, in any order. Device and window come
 * from the *fields* that the scenario's `stores` names, never from `_id` or the key.
 */
import type { PackedKeys } from "./packed-keys.ts";
import { addValues, createTable, type Table } from "./table.ts";

export const storeSpec = {
  /** Index in the plan, or -1: no device of this run (`deviceTexts` has what stood there). */
  device: "i32",
  /** Epoch milliseconds; NaN when the field was absent or no time. */
  window: "f64",
  /** NaN when absent: so all the numbers below. */
  count: "f64",
  /** Hundredths of a degree. */
  sum: "f64",
  digestHi: "u32",
  digestLo: "u32",
  /** 1 when the field was 16 lower-case hex digits, else 0. */
  digestOk: "u8",
  /** Degrees; these five exist only where the mapping or the job's table has them. */
  min: "f64",
  max: "f64",
  mean: "f64",
  revision: "f64",
  version: "f64",
  /** Index into `groups`: where the row lies. */
  group: "u16",
} as const;

type StoreTable = Table<typeof storeSpec>;
export type StoreValues = { readonly [K in keyof typeof storeSpec]: number };

/** Which of the columns that not every store has were read. */
export type OptionalColumn = "min" | "max" | "mean" | "revision" | "version";

export type StoreRows = {
  /** `elasticsearch`, `cassandra`: the scenario's name. */
  readonly store: string;
  readonly table: StoreTable;
  readonly columns: readonly OptionalColumn[];
  /** Elasticsearch: the indices; Cassandra: keyspace and table. */
  readonly groups: string[];
  /** By row: `_id`, or the key in the table. For findings only; empty when not kept. */
  readonly keys: string[];
  /** The same where the rows come from a file; `keys` is empty then. */
  readonly packedKeys?: PackedKeys | undefined;
  /** By row, where `device` is -1. */
  readonly deviceTexts: Map<number, string>;
};

export function createStoreRows(store: string, columns: readonly OptionalColumn[]): StoreRows {
  const table = createTable(storeSpec);
  return { store, table, columns, groups: [], keys: [], deviceTexts: new Map() };
}

/** Takes the rows of a scan: keeps them, or writes them to files (`store-files.ts`). */
export type StoreSink = {
  /** `key`: undefined where none are kept. `text`: what stood in the place of a device, where `device` is -1. */
  readonly add: (values: StoreValues, key: string | undefined, text: string | undefined) => void;
};

export function keepStoreRows({ table, keys, deviceTexts }: StoreRows): StoreSink {
  return {
    add: (values, key, text) => {
      const row = addValues(table, values);
      if (key !== undefined) keys.push(key);
      if (text !== undefined) deviceTexts.set(row, text);
    },
  };
}

/** Where a row lies, as a user would look for it. */
export function storeKey(rows: StoreRows, row: number): string {
  const group = rows.groups[rows.table.columns.group[row]!] ?? rows.store;
  const key = rows.packedKeys?.at(row) ?? rows.keys[row];
  return key === undefined ? group : `${group}/${key}`;
}
