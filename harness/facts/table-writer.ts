/** Writes the file of a table while its rows come: `table-blocks.ts` says what stands in it. */
import { closeSync, openSync, writeSync } from "node:fs";
import { FactsError } from "./facts-error.ts";
import { addValues, type ColumnType, createTable, type TableSpec } from "./table.ts";
import { type BlocksHead, countBytes, totalBytes } from "./table-blocks.ts";
import { createTableSink, type RowSink } from "./table-sink.ts";

export type TableWriter<S extends TableSpec> = RowSink<S> & {
  /** Writes what waits and the end of the file. Once. */
  readonly end: () => void;
};

/** Three megabytes of the widest rows: large enough for the disk, small beside everything else. */
const blockRows = 1 << 16;

/**
 * Writes synchronously, a block at a time: the rows come from a hot loop that cannot wait. Errors: `FactsError` when
 * the disk refuses; the file is then without its end.
 */
export function createTableWriter<S extends TableSpec>(file: string, spec: S): TableWriter<S> {
  const columns = Object.entries(spec) as [string, ColumnType][];
  const block = createTable(spec, blockRows);
  const sink = createTableSink(block);
  const head: BlocksHead = { schema: 2, columns };
  const handle = guarded(() => openSync(file, "w"));
  guarded(() => writeAll(handle, Buffer.from(`${JSON.stringify(head)}\n`)));
  let written = 0;

  function guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw new FactsError(`cannot write ${file}`, { cause });
    }
  }

  function writeBlock(): void {
    const count = Buffer.alloc(countBytes);
    count.writeUInt32LE(block.length);
    writeAll(handle, count);
    for (const [name] of columns) {
      const { buffer, byteOffset, BYTES_PER_ELEMENT } = block.columns[name as keyof S];
      writeAll(handle, new Uint8Array(buffer, byteOffset, block.length * BYTES_PER_ELEMENT));
    }
    written += block.length;
    block.length = 0;
  }

  function writeEnd(): void {
    if (block.length > 0) writeBlock();
    const end = Buffer.alloc(countBytes + totalBytes);
    end.writeDoubleLE(written, countBytes);
    writeAll(handle, end);
    closeSync(handle);
  }

  return {
    rows: () => written + block.length,
    take: (from, at) => {
      sink.take(from, at);
      if (block.length === blockRows) guarded(writeBlock);
    },
    add: (values) => {
      addValues(block, values);
      if (block.length === blockRows) guarded(writeBlock);
    },
    end: () => guarded(writeEnd),
  };
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) {
    from += writeSync(handle, bytes, from, bytes.length - from);
  }
}
