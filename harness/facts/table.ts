/**
 * Rows as columns: typed arrays that grow together. Millions of rows then cost bytes, not objects, and go to
 * a file as they lie. A missing number is NaN in an `f64` column; the other types have no room for one.
 */
const arrays = {
  u8: Uint8Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f64: Float64Array,
} as const;

export type ColumnType = keyof typeof arrays;
export type TableSpec = Readonly<Record<string, ColumnType>>;
export type Column<T extends ColumnType> = InstanceType<(typeof arrays)[T]>;

/** Read and write `columns.<name>[row]` for rows below `length`; arrays are replaced when the table grows. */
export type Table<S extends TableSpec> = {
  readonly spec: S;
  /** Of the columns. */
  readonly names: readonly (keyof S & string)[];
  length: number;
  capacity: number;
  readonly columns: { [K in keyof S]: Column<S[K]> };
};

export function createTable<S extends TableSpec>(spec: S, capacity = 64): Table<S> {
  const columns: Record<string, Column<ColumnType>> = {};
  for (const [name, type] of Object.entries(spec)) columns[name] = new arrays[type](capacity);
  return {
    spec,
    names: Object.keys(spec),
    length: 0,
    capacity,
    columns: columns as Table<S>["columns"],
  };
}

/** Adds a row of zeros and returns its number. */
export function addRow<S extends TableSpec>(table: Table<S>): number {
  if (table.length === table.capacity) grow(table);
  return table.length++;
}

/** Adds a row with these numbers and returns its number. */
export function addValues<S extends TableSpec>(
  table: Table<S>,
  values: { readonly [K in keyof S]: number },
): number {
  const row = addRow(table);
  for (const name of table.names) table.columns[name][row] = values[name];
  return row;
}

/** The numbers of one row. For findings and tests; a loop over millions reads the columns. */
export function rowOf<S extends TableSpec>(
  table: Table<S>,
  row: number,
): { readonly [K in keyof S]: number } {
  const values: Record<string, number> = {};
  for (const name of Object.keys(table.spec)) {
    values[name] = table.columns[name as keyof S][row]!;
  }
  return values as { readonly [K in keyof S]: number };
}

/** A copy that shares nothing; `without` leaves one row out. */
export function copyTable<S extends TableSpec>(table: Table<S>, without = -1): Table<S> {
  const copy = createTable(table.spec, Math.max(table.length, 1) + 1);
  for (const name of Object.keys(table.spec)) {
    const from = table.columns[name as keyof S];
    const to = copy.columns[name as keyof S];
    if (without < 0 || without >= table.length) {
      to.set(from.subarray(0, table.length));
    } else {
      to.set(from.subarray(0, without));
      to.set(from.subarray(without + 1, table.length), without);
    }
  }
  copy.length = without < 0 || without >= table.length ? table.length : table.length - 1;
  return copy;
}

/** A new typed array of this column type. */
export function createColumn<T extends ColumnType>(type: T, length: number): Column<T> {
  return new arrays[type](length) as Column<T>;
}

/** Bytes of one row in memory, and in a file. */
export function rowBytesOf(spec: TableSpec): number {
  return Object.values(spec).reduce((sum, type) => sum + arrays[type].BYTES_PER_ELEMENT, 0);
}

/** Doubled while that is little; past a million rows half of a table would be room for nobody. */
const doubledUpTo = 1 << 20;

function grow<S extends TableSpec>(table: Table<S>): void {
  const factor = table.capacity < doubledUpTo ? 2 : 1.4;
  const capacity = Math.max(16, Math.ceil(table.capacity * factor));
  for (const [name, type] of Object.entries(table.spec)) {
    const grown = new arrays[type](capacity);
    grown.set(table.columns[name as keyof S].subarray(0, table.length));
    (table.columns as Record<string, Column<ColumnType>>)[name] = grown;
  }
  table.capacity = capacity;
}
