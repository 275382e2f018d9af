/**
 * The file of a table: one line of JSON that says what follows, then each column whole, little-endian, in
 * the order of that line. Small enough to read from any language; strict, so that a cut or foreign file
 * never passes for an empty one.
 */
import { readFile, writeFile } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";
import { type ColumnType, createColumn, createTable, type Table, type TableSpec } from "./table.ts";

type Head = { readonly schema: 1; readonly rows: number; readonly columns: [string, ColumnType][] };

export async function writeTable<S extends TableSpec>(
  file: string,
  table: Table<S>,
): Promise<void> {
  const columns = Object.entries(table.spec) as [string, ColumnType][];
  const head: Head = { schema: 1, rows: table.length, columns };
  const parts: Uint8Array[] = [Buffer.from(`${JSON.stringify(head)}\n`)];
  for (const [name] of columns) {
    const column = table.columns[name as keyof S];
    const bytes = column.length === 0 ? 0 : table.length * column.BYTES_PER_ELEMENT;
    parts.push(new Uint8Array(column.buffer, column.byteOffset, bytes));
  }
  await writeFile(file, Buffer.concat(parts));
}

/** Errors: `FactsError` when the file is missing, cut, or holds other columns than `spec`. */
export async function readTable<S extends TableSpec>(file: string, spec: S): Promise<Table<S>> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FactsError(`cannot read ${file}`, { cause });
  });
  const lineEnd = bytes.indexOf(0x0a);
  const head = parseHead(bytes.toString("utf8", 0, Math.max(lineEnd, 0)));
  const columns = Object.entries(spec);
  if (head === undefined || JSON.stringify(head.columns) !== JSON.stringify(columns)) {
    throw new FactsError(`${file} does not hold the columns ${Object.keys(spec).join(", ")}`);
  }
  const table = createTable(spec, head.rows);
  table.length = head.rows;
  let at = lineEnd + 1;
  for (const [name, type] of columns) {
    const column = createColumn(type, head.rows);
    if (at + column.byteLength > bytes.length) throw new FactsError(`${file} is cut short`);
    new Uint8Array(column.buffer).set(bytes.subarray(at, at + column.byteLength));
    (table.columns as Record<string, unknown>)[name] = column;
    at += column.byteLength;
  }
  if (at !== bytes.length) throw new FactsError(`${file} is longer than its ${head.rows} rows`);
  return table;
}

function parseHead(line: string): Head | undefined {
  try {
    const head = JSON.parse(line) as Head | null;
    const ok = head?.schema === 1 && Number.isSafeInteger(head.rows) && head.rows >= 0;
    return ok ? head : undefined;
  } catch {
    return undefined; // No header of ours: the caller says so with the file's name.
  }
}
