/**
 * The file of a table: one line of JSON that says what follows, then each column whole, little-endian, in
 * the order of that line. Small enough to read from any language; strict, so that a cut or foreign file
 * never passes for an empty one. A column goes to and from the file where it lies: no second copy in memory.
 * What grew while a run went on lies in blocks, bucket by bucket (`table-blocks.ts`); both are read here.
 */
import { fstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";
import { firstLine, readExactly, withFile } from "./read-exactly.ts";
import {
  type ColumnType,
  createColumn,
  createTable,
  rowBytesOf,
  type Table,
  type TableSpec,
} from "./table.ts";
import { type Blocks, indexBlocks, isBlocksHead, readBlocks, rowsIn } from "./table-blocks.ts";

type Columns = readonly [string, ColumnType][];
type Head = { readonly schema: 1; readonly rows: number; readonly columns: Columns };

/** A file that was found whole. What is read of it later is read from it again. */
export type TableFile<S extends TableSpec> = {
  readonly buckets: number;
  /** In all buckets. */
  readonly rows: number;
  /** The rows of one bucket, in the order in which they were written. Errors: `FactsError`. */
  readonly read: (bucket: number) => Table<S>;
  /** One bucket after the other. Errors: `FactsError`. */
  readonly readAll: () => Table<S>;
};

export async function writeTable<S extends TableSpec>(
  file: string,
  table: Table<S>,
): Promise<void> {
  const columns = Object.entries(table.spec) as [string, ColumnType][];
  const head: Head = { schema: 1, rows: table.length, columns };
  await using handle = await open(file, "w");
  await handle.writeFile(`${JSON.stringify(head)}\n`);
  for (const [name] of columns) {
    await handle.writeFile(table.columns[name as keyof S].subarray(0, table.length));
  }
}

/** Everything. Errors: `FactsError` when the file is missing, cut, or holds other columns than `spec`. */
export async function readTable<S extends TableSpec>(file: string, spec: S): Promise<Table<S>> {
  return openTable(file, spec).readAll();
}

/** Errors: as `readTable`. */
export function openTable<S extends TableSpec>(file: string, spec: S): TableFile<S> {
  return withFile(file, (handle) => {
    const line = firstLine(handle);
    const from = Buffer.byteLength(line) + 1;
    const head = parseHead(line);
    const columns = Object.entries(spec);
    if (head === undefined || JSON.stringify(head.columns) !== JSON.stringify(columns)) {
      throw new FactsError(`${file} does not hold the columns ${Object.keys(spec).join(", ")}`);
    }
    if (!isBlocksHead(head)) return openWhole(file, handle, spec, { from, rows: head.rows });
    const index = indexBlocks(file, handle, head, { from, rowBytes: rowBytesOf(spec) });
    const read = (blocks: Blocks): Table<S> =>
      withFile(file, (again) => readBlocks(again, spec, blocks));
    return {
      buckets: index.length,
      rows: index.reduce((sum, blocks) => sum + rowsIn(blocks), 0),
      read: (bucket) => read(index[bucket] ?? []),
      readAll: () => read(index.flat()),
    };
  });
}

function openWhole<S extends TableSpec>(
  file: string,
  handle: number,
  spec: S,
  { from, rows }: { readonly from: number; readonly rows: number },
): TableFile<S> {
  const { size } = fstatSync(handle);
  const expected = from + rows * rowBytesOf(spec);
  if (size < expected) throw new FactsError(`${file} is cut short`);
  if (size > expected) throw new FactsError(`${file} is longer than its ${rows} rows`);
  const readAll = (): Table<S> =>
    withFile(file, (again) => readColumns(again, spec, { from, rows }));
  return {
    buckets: 1,
    rows,
    read: (bucket) => (bucket === 0 ? readAll() : createTable(spec, 0)),
    readAll,
  };
}

function readColumns<S extends TableSpec>(
  handle: number,
  spec: S,
  { from, rows }: { readonly from: number; readonly rows: number },
): Table<S> {
  const table = createTable(spec, 0);
  table.length = rows;
  table.capacity = rows;
  let at = from;
  for (const [name, type] of Object.entries(spec)) {
    const column = createColumn(type, rows);
    readExactly(handle, new Uint8Array(column.buffer), at);
    (table.columns as Record<string, unknown>)[name] = column;
    at += column.byteLength;
  }
  return table;
}

function parseHead(line: string) {
  try {
    const head = JSON.parse(line) as Head | null;
    if (isBlocksHead(head)) return head;
    const ok = head?.schema === 1 && Number.isSafeInteger(head.rows) && head.rows >= 0;
    return ok ? head : undefined;
  } catch {
    return undefined; // No header of ours: the caller says so with the file's name.
  }
}
