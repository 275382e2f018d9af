/**
 * The file of a table: one line of JSON that says what follows, then each column whole, little-endian, in
 * the order of that line. Small enough to read from any language; strict, so that a cut or foreign file
 * never passes for an empty one. A column goes to and from the file where it lies: no second copy in memory.
 * What grew while a run went on lies in blocks (`table-blocks.ts`); `readTable` reads both.
 */
import { type FileHandle, open } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";
import { readExactly } from "./read-exactly.ts";
import {
  type ColumnType,
  createColumn,
  createTable,
  rowBytesOf,
  type Table,
  type TableSpec,
} from "./table.ts";
import { isBlocksHead, readBlocks } from "./table-blocks.ts";

type Columns = readonly [string, ColumnType][];
type Head = { readonly schema: 1; readonly rows: number; readonly columns: Columns };

/** A line of a dozen names is far shorter. */
const headMax = 4096;

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

/** Errors: `FactsError` when the file is missing, cut, or holds other columns than `spec`. */
export async function readTable<S extends TableSpec>(file: string, spec: S): Promise<Table<S>> {
  try {
    await using handle = await open(file, "r");
    return await readWhole(file, handle, spec);
  } catch (cause) {
    if (cause instanceof FactsError) throw cause;
    throw new FactsError(`cannot read ${file}`, { cause });
  }
}

async function readWhole<S extends TableSpec>(
  file: string,
  handle: FileHandle,
  spec: S,
): Promise<Table<S>> {
  const start = Buffer.alloc(headMax);
  await handle.read(start, 0, headMax, 0);
  const lineEnd = start.indexOf(0x0a);
  const head = parseHead(start.toString("utf8", 0, Math.max(lineEnd, 0)));
  const columns = Object.entries(spec);
  if (head === undefined || JSON.stringify(head.columns) !== JSON.stringify(columns)) {
    throw new FactsError(`${file} does not hold the columns ${Object.keys(spec).join(", ")}`);
  }
  if (isBlocksHead(head)) return readBlocks(file, handle, spec, lineEnd + 1);
  const { size } = await handle.stat();
  const expected = lineEnd + 1 + head.rows * rowBytesOf(spec);
  if (size < expected) throw new FactsError(`${file} is cut short`);
  if (size > expected) throw new FactsError(`${file} is longer than its ${head.rows} rows`);
  const table = createTable(spec, 0);
  table.length = head.rows;
  table.capacity = head.rows;
  let at = lineEnd + 1;
  for (const [name, type] of columns) {
    const column = createColumn(type, head.rows);
    await readExactly(handle, new Uint8Array(column.buffer), at);
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
