/** Where rows go that are finished: kept as a table, or on their way to a file (`table-blocks.ts`). */
import { addRow, addValues, type Table, type TableSpec } from "./table.ts";

export type RowSink<S extends TableSpec> = {
  /** Rows taken so far: the number of the next one. */
  readonly rows: () => number;
  /** Copies row `at` out of columns of the same names. Hot path. */
  readonly take: (from: Table<S>["columns"], at: number) => void;
  readonly add: (values: { readonly [K in keyof S]: number }) => void;
};

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
