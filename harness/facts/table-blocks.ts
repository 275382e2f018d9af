/**
 * The file of a table that grows while a run goes on, so that nobody needs memory for all of it: one line of JSON, then
 * blocks of rows. A block is its number of rows (u32) and each column of these rows, little-endian, in the order of the
 * line; a block of no rows and the number of all rows (f64) end the file. A file without that end was cut off.
 */
import type { FileHandle } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";
import { readExactly } from "./read-exactly.ts";
import {
  type Column,
  type ColumnType,
  createTable,
  rowBytesOf,
  type Table,
  type TableSpec,
} from "./table.ts";

export type BlocksHead = { readonly schema: 2; readonly columns: readonly [string, ColumnType][] };

/** Of the number of rows at the head of a block, and of the number of all rows at the end. */
export const countBytes = 4;
export const totalBytes = 8;

/** Whether the first line of a file says that blocks follow. */
export function isBlocksHead(head: unknown): head is BlocksHead {
  const { schema, columns } = (head ?? {}) as Partial<BlocksHead>;
  return schema === 2 && Array.isArray(columns);
}

/** All rows of a file, whose first block lies at `from`. Errors: `FactsError` when it is cut or longer than its end. */
export async function readBlocks<S extends TableSpec>(
  file: string,
  handle: FileHandle,
  spec: S,
  from: number,
): Promise<Table<S>> {
  const { size } = await handle.stat();
  const rows = await rowsAtEnd(file, handle, size);
  if (from + rows * rowBytesOf(spec) > size) throw new FactsError(`${file} is cut short`);
  const table = createTable(spec, rows);
  let at = from;
  for (let many = await countAt(handle, at); many > 0; many = await countAt(handle, at)) {
    if (table.length + many > rows) throw new FactsError(`${file} is longer than its ${rows} rows`);
    at += countBytes;
    for (const name of Object.keys(spec)) {
      at += await readColumn(handle, table.columns[name as keyof S], table.length, many, at);
    }
    table.length += many;
  }
  const end = at + countBytes + totalBytes;
  if (table.length < rows || end > size) throw new FactsError(`${file} is cut short`);
  if (end < size) throw new FactsError(`${file} is longer than its ${rows} rows`);
  return table;
}

/** Fills `many` places of the column from `first` on; returns how many bytes of the file these were. */
async function readColumn(
  handle: FileHandle,
  { buffer, byteOffset, BYTES_PER_ELEMENT: width }: Column<ColumnType>,
  first: number,
  many: number,
  at: number,
): Promise<number> {
  await readExactly(handle, new Uint8Array(buffer, byteOffset + first * width, many * width), at);
  return many * width;
}

async function countAt(handle: FileHandle, at: number): Promise<number> {
  const count = Buffer.alloc(countBytes);
  await readExactly(handle, count, at);
  return count.readUInt32LE();
}

/** The number of all rows, from the last bytes. */
async function rowsAtEnd(file: string, handle: FileHandle, size: number): Promise<number> {
  const end = Buffer.alloc(countBytes + totalBytes);
  if (size >= end.length) await readExactly(handle, end, size - end.length);
  const rows = end.readDoubleLE(countBytes);
  const isEnd = size >= end.length && end.readUInt32LE() === 0;
  if (!isEnd || !Number.isSafeInteger(rows) || rows < 0) {
    throw new FactsError(`${file} is cut short`);
  }
  return rows;
}
