/** Where rows go that are finished: kept as a table, or on their way to a file (`table-writer.ts`). */
import { addRow, addValues, type Table, type TableSpec } from "./table.ts";

/** `bucket`: as `buckets.ts` divides them; the first where there is only one. */
export type RowSink<S extends TableSpec> = {
  /** Rows that the bucket has so far: the number of its next one. */
  readonly rows: (bucket?: number) => number;
  /** Copies row `at` out of columns of the same names. Hot path. */
  readonly take: (from: Table<S>["columns"], at: number, bucket?: number) => void;
  readonly add: (values: { readonly [K in keyof S]: number }, bucket?: number) => void;
};

/** One bucket. */
export function createTableSink<S extends TableSpec>(table: Table<S>): RowSink<S> {
  const names = Object.keys(table.spec) as (keyof S)[];
  return {
    rows: () => table.length,
    take: (from, at) => {
      const row = addRow(table);
      for (const name of names) table.columns[name][row] = from[name][at]!;
    },
    add: (values) => {
      addValues(table, values);
    },
  };
}
