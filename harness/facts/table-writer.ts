/** Writes the file of a table while its rows come: `table-blocks.ts` says what stands in it. */
import { closeSync, openSync } from "node:fs";
import { FactsError } from "./facts-error.ts";
import {
  addValues,
  type ColumnType,
  createTable,
  rowBytesOf,
  type Table,
  type TableSpec,
} from "./table.ts";
import { type BlocksHead, blocksEnd, startBytes } from "./table-blocks.ts";
import { createTableSink, type RowSink } from "./table-sink.ts";
import { writeAll } from "./write-all.ts";

export type TableWriter<S extends TableSpec> = RowSink<S> & {
  /** Writes what waits and the end of the file. Once. */
  readonly end: () => void;
};

type Block<S extends TableSpec> = { readonly table: Table<S>; readonly sink: RowSink<S> };

/** Rows of all buckets that wait in memory: 10 MB of the widest. */
const waitingMost = 1 << 17;
/** Three megabytes of the widest rows: large enough for the disk, small beside everything else. */
const blockMost = 1 << 16;
/** Less would make more of heads and calls than of rows. */
const blockLeast = 128;

/** Rows of one block, where so many buckets have one each. */
export function blockRowsOf(buckets: number): number {
  return Math.max(blockLeast, Math.min(blockMost, Math.floor(waitingMost / buckets)));
}

/**
 * Writes synchronously, a block at a time: the rows come from a hot loop that cannot wait. Errors: `FactsError` when
 * the disk refuses; the file is then without its end.
 */
export function createTableWriter<S extends TableSpec>(
  file: string,
  spec: S,
  buckets = 1,
): TableWriter<S> {
  const columns = Object.entries(spec) as [string, ColumnType][];
  const blockRows = blockRowsOf(buckets);
  const blocks = new Array<Block<S> | undefined>(buckets).fill(undefined);
  const written = new Float64Array(buckets);
  const bytes = Buffer.alloc(startBytes + blockRows * rowBytesOf(spec));
  const head: BlocksHead = { schema: 3, buckets, columns };
  const handle = guarded(() => openSync(file, "w"));
  guarded(() => writeAll(handle, Buffer.from(`${JSON.stringify(head)}\n`)));

  function guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw new FactsError(`cannot write ${file}`, { cause });
    }
  }

  function blockOf(bucket: number): Block<S> {
    const known = blocks[bucket];
    if (known !== undefined) return known;
    const table = createTable(spec, blockRows);
    const made = { table, sink: createTableSink(table) };
    blocks[bucket] = made;
    return made;
  }

  function writeBlock(bucket: number, { table }: Block<S>): void {
    let at = bytes.writeUInt32LE(table.length);
    at = bytes.writeUInt32LE(bucket, at);
    for (const [name] of columns) {
      const { buffer, byteOffset, BYTES_PER_ELEMENT } = table.columns[name as keyof S];
      const column = new Uint8Array(buffer, byteOffset, table.length * BYTES_PER_ELEMENT);
      bytes.set(column, at);
      at += column.length;
    }
    writeAll(handle, bytes.subarray(0, at));
    written[bucket]! += table.length;
    table.length = 0;
  }

  function writeEnd(): void {
    for (const [bucket, block] of blocks.entries()) {
      if (block !== undefined && block.table.length > 0) writeBlock(bucket, block);
    }
    writeAll(handle, blocksEnd(written.reduce((sum, rows) => sum + rows, 0)));
    closeSync(handle);
  }

  return {
    rows: (bucket = 0) => written[bucket]! + (blocks[bucket]?.table.length ?? 0),
    take: (from, at, bucket = 0) => {
      const block = blockOf(bucket);
      block.sink.take(from, at);
      if (block.table.length === blockRows) guarded(() => writeBlock(bucket, block));
    },
    add: (values, bucket = 0) => {
      const block = blockOf(bucket);
      addValues(block.table, values);
      if (block.table.length === blockRows) guarded(() => writeBlock(bucket, block));
    },
    end: () => guarded(writeEnd),
  };
}
