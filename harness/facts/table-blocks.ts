/**
 * The file of a table that grows while a run goes on, so that nobody needs memory for all of it: one line of JSON, then
 * blocks of rows, each of one bucket (`buckets.ts`). A block is its number of rows and its bucket (both u32) and each
 * column of these rows, little-endian, in the order of the line; a block of no rows and the number of all rows (f64) end
 * the file. A file without that end was cut off. Schema 2, of earlier versions, has one bucket and does not name it.
 */
import { fstatSync } from "node:fs";
import { FactsError } from "./facts-error.ts";
import { readExactly } from "./read-exactly.ts";
import type { TableSpec } from "./table.ts";
import { type Column, type ColumnType, createTable, rowBytesOf, type Table } from "./table.ts";

export type BlocksHead = {
  readonly schema: 2 | 3;
  /** Of schema 3. */
  readonly buckets?: number;
  readonly columns: readonly [string, ColumnType][];
};

const countBytes = 4;
const totalBytes = 8;
/** Of the number of rows and the bucket at the start of a block. */
export const startBytes = 2 * countBytes;

/**
 * Where the blocks of one bucket lie: of each the bytes from the file's beginning to its columns, and its rows. Plain
 * numbers, one after the other: a long run has millions of blocks.
 */
export type Blocks = readonly number[];

/** Whether the first line of a file says that blocks follow. */
export function isBlocksHead(head: unknown): head is BlocksHead {
  const { schema, buckets, columns } = (head ?? {}) as Partial<BlocksHead>;
  const many = schema === 3 ? Number.isSafeInteger(buckets) && Number(buckets) > 0 : schema === 2;
  return many && Array.isArray(columns);
}

/** The end of a file with so many rows in all. */
export function blocksEnd(rows: number): Buffer {
  const end = Buffer.alloc(startBytes + totalBytes);
  end.writeDoubleLE(rows, startBytes);
  return end;
}

/**
 * The blocks of each bucket. `from`: where the first one lies. Errors: `FactsError` when the file is cut or longer than
 * its end.
 */
export function indexBlocks(
  file: string,
  handle: number,
  { schema, buckets = 1 }: BlocksHead,
  { from, rowBytes }: { readonly from: number; readonly rowBytes: number },
): readonly Blocks[] {
  const { size } = fstatSync(handle);
  const start = Buffer.alloc(schema === 2 ? countBytes : startBytes);
  const rows = rowsAtEnd(file, handle, size, start.length);
  if (from + rows * rowBytes > size) throw new FactsError(`${file} is cut short`);
  const index = Array.from({ length: buckets }, (): number[] => []);
  let [at, found] = [from, 0];
  for (;;) {
    readExactly(handle, start, at);
    at += start.length;
    const many = start.readUInt32LE();
    if (many === 0) break;
    const blocks = index[schema === 2 ? 0 : start.readUInt32LE(countBytes)];
    if (blocks === undefined) throw new FactsError(`${file} has a block of no bucket`);
    found += many;
    if (found > rows) throw new FactsError(`${file} is longer than its ${rows} rows`);
    blocks.push(at, many);
    at += many * rowBytes;
  }
  const end = at + totalBytes;
  if (found < rows || end > size) throw new FactsError(`${file} is cut short`);
  if (end < size) throw new FactsError(`${file} is longer than its ${rows} rows`);
  return index;
}

/** The rows of these blocks, in their order. Errors: `FactsError` when the file is not as it was. */
export function readBlocks<S extends TableSpec>(handle: number, spec: S, blocks: Blocks): Table<S> {
  const table = createTable(spec, rowsIn(blocks));
  let bytes = new Uint8Array(0);
  for (let nth = 0; nth < blocks.length; nth += 2) {
    const [at, rows] = [blocks[nth]!, blocks[nth + 1]!];
    if (bytes.length < rows * rowBytesOf(spec)) bytes = new Uint8Array(rows * rowBytesOf(spec));
    const block = bytes.subarray(0, rows * rowBytesOf(spec));
    readExactly(handle, block, at);
    let from = 0;
    for (const name of Object.keys(spec)) {
      from += fill(table.columns[name as keyof S], table.length, block.subarray(from), rows);
    }
    table.length += rows;
  }
  return table;
}

export function rowsIn(blocks: Blocks): number {
  let rows = 0;
  for (let nth = 1; nth < blocks.length; nth += 2) rows += blocks[nth]!;
  return rows;
}

/** Fills `rows` places of the column from `first` on; returns how many bytes these were. */
function fill(
  { buffer, byteOffset, BYTES_PER_ELEMENT: width }: Column<ColumnType>,
  first: number,
  from: Uint8Array,
  rows: number,
): number {
  const into = new Uint8Array(buffer, byteOffset + first * width, rows * width);
  into.set(from.subarray(0, into.length));
  return into.length;
}

/** The number of all rows, from the last bytes. */
function rowsAtEnd(file: string, handle: number, size: number, start: number): number {
  const end = Buffer.alloc(start + totalBytes);
  if (size >= end.length) readExactly(handle, end, size - end.length);
  const rows = end.readDoubleLE(start);
  const isEnd = size >= end.length && end.subarray(0, start).every((byte) => byte === 0);
  if (!isEnd || !Number.isSafeInteger(rows) || rows < 0) {
    throw new FactsError(`${file} is cut short`);
  }
  return rows;
}
