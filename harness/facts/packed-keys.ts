/**
 * Keys of a store's rows as one stretch of bytes: millions of strings would fill the heap, and as one JSON text they
 * would end at V8's longest string. In the file: one line of JSON, where each key ends (u32, little-endian), the keys.
 */
import { type FileHandle, open } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";
import { readExactly } from "./read-exactly.ts";

export type PackedKeys = {
  readonly length: number;
  /** Undefined past the end. */
  readonly at: (row: number) => string | undefined;
};

type Head = { readonly schema: 1; readonly rows: number; readonly bytes: number };

/** Written so many at a time. */
const keysAtOnce = 100_000;
/** The head is far shorter. */
const headMax = 200;

export async function writePackedKeys(file: string, keys: readonly string[]): Promise<void> {
  const ends = new Uint32Array(keys.length);
  let bytes = 0;
  for (let row = 0; row < keys.length; row++) {
    bytes += Buffer.byteLength(keys[row]!);
    ends[row] = bytes;
  }
  const head: Head = { schema: 1, rows: keys.length, bytes };
  await using handle = await open(file, "w");
  await handle.writeFile(`${JSON.stringify(head)}\n`);
  await handle.writeFile(ends);
  for (let row = 0; row < keys.length; row += keysAtOnce) {
    await handle.writeFile(keys.slice(row, row + keysAtOnce).join(""));
  }
}

/** Errors: `FactsError` when the file is missing, cut or none of these. */
export async function readPackedKeys(file: string): Promise<PackedKeys> {
  try {
    await using handle = await open(file, "r");
    return await readWhole(file, handle);
  } catch (cause) {
    if (cause instanceof FactsError) throw cause;
    throw new FactsError(`cannot read ${file}`, { cause });
  }
}

async function readWhole(file: string, handle: FileHandle): Promise<PackedKeys> {
  const start = Buffer.alloc(headMax);
  await handle.read(start, 0, headMax, 0);
  const line = start.toString("latin1", 0, Math.max(start.indexOf(0x0a), 0));
  const head = JSON.parse(line === "" ? "null" : line) as Head | null;
  const { size } = await handle.stat();
  const expected = line.length + 1 + (head?.rows ?? 0) * 4 + (head?.bytes ?? 0);
  if (head?.schema !== 1 || size !== expected) throw new FactsError(`${file} is cut or no keys`);
  const ends = new Uint32Array(head.rows);
  const text = Buffer.alloc(head.bytes);
  await readExactly(handle, new Uint8Array(ends.buffer), line.length + 1);
  await readExactly(handle, text, line.length + 1 + ends.byteLength);
  return {
    length: head.rows,
    at: (row) => {
      if (row >= head.rows) return undefined;
      return text.toString("utf8", row === 0 ? 0 : ends[row - 1]!, ends[row]!);
    },
  };
}
