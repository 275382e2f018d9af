/**
 * Keys of a store's rows as stretches of bytes in a file: millions of strings would fill the heap, and only findings ask
 * for any, so that one is read from the file when it is asked for. One line of JSON, then blocks: the number of keys, the
 * bucket and how many bytes follow behind the next (u32 each, little-endian), where in them each key ends (u32), the
 * keys; a block of no keys and the number of all of them (f64) end the file. Schema 1, of earlier versions, is one block
 * whose head is the line.
 */
import { fstatSync } from "node:fs";
import { FactsError } from "./facts-error.ts";
import { firstLine, readExactly, withFile } from "./read-exactly.ts";

export type PackedKeys = {
  readonly length: number;
  /** Undefined past the end. Errors: `FactsError` when the file is gone or is not as it was. */
  readonly at: (row: number) => string | undefined;
  /** All of them, in memory. Errors: as `at`. */
  readonly all: () => string[];
};

export type KeysHead =
  | { readonly schema: 1; readonly rows: number; readonly bytes: number }
  | { readonly schema: 2; readonly buckets: number };

/** `endsAt`: bytes from the file's beginning; the keys follow. */
type Block = { readonly endsAt: number; readonly rows: number };
/** Both of each block of a bucket, one after the other: a long run has millions of blocks. */
type Blocks = readonly number[];

const wordBytes = 4;
/** Keys, bucket, bytes. */
export const keysStartBytes = 3 * wordBytes;
const totalBytes = 8;

/** The end of a file with so many keys in all. */
export function keysEnd(keys: number): Buffer {
  const end = Buffer.alloc(keysStartBytes + totalBytes);
  end.writeDoubleLE(keys, keysStartBytes);
  return end;
}

/** By bucket. Errors: `FactsError` when the file is missing, cut or none of these. */
export function openPackedKeys(file: string): readonly PackedKeys[] {
  return withFile(file, (handle) => {
    const line = firstLine(handle);
    const head = parseHead(line);
    if (head === undefined) throw new FactsError(`${file} is cut or no keys`);
    const { size } = fstatSync(handle);
    const from = Buffer.byteLength(line) + 1;
    if (head.schema === 2) {
      const blocks = indexBlocks(file, handle, head.buckets, { from, size });
      return blocks.map((each) => keysOf(file, each));
    }
    const whole = from + head.rows * wordBytes + head.bytes;
    if (size !== whole) throw new FactsError(`${file} is cut or no keys`);
    return [keysOf(file, [from, head.rows])];
  });
}

function indexBlocks(
  file: string,
  handle: number,
  buckets: number,
  { from, size }: { readonly from: number; readonly size: number },
): readonly Blocks[] {
  const index = Array.from({ length: buckets }, (): number[] => []);
  const start = Buffer.alloc(keysStartBytes);
  let [at, found] = [from, 0];
  for (;;) {
    readExactly(handle, start, at);
    at += keysStartBytes;
    const [rows, bucket, bytes] = [0, 4, 8].map((word) => start.readUInt32LE(word)) as Three;
    if (rows === 0) break;
    const blocks = index[bucket];
    if (blocks === undefined) throw new FactsError(`${file} has a block of no bucket`);
    blocks.push(at, rows);
    found += rows;
    at += rows * wordBytes + bytes;
  }
  const total = Buffer.alloc(totalBytes);
  readExactly(handle, total, at);
  if (total.readDoubleLE() !== found || at + totalBytes !== size) {
    throw new FactsError(`${file} is cut or no keys`);
  }
  return index;
}

type Three = [number, number, number];

function keysOf(file: string, blocks: Blocks): PackedKeys {
  const all = (): readonly Block[] =>
    Array.from({ length: blocks.length / 2 }, (_, nth) => {
      return { endsAt: blocks[2 * nth]!, rows: blocks[2 * nth + 1]! };
    });
  return {
    length: all().reduce((sum, { rows }) => sum + rows, 0),
    at: (row) => {
      let nth = row;
      for (const block of all()) {
        if (nth < block.rows) return withFile(file, (handle) => readKey(handle, block, nth));
        nth -= block.rows;
      }
      return undefined;
    },
    all: () => withFile(file, (handle) => all().flatMap((block) => readKeys(handle, block))),
  };
}

function readKeys(handle: number, { endsAt, rows }: Block): readonly string[] {
  const ends = new Uint32Array(rows);
  readExactly(handle, new Uint8Array(ends.buffer), endsAt);
  const text = Buffer.alloc(ends.at(-1) ?? 0);
  readExactly(handle, text, endsAt + ends.byteLength);
  return Array.from(ends, (end, nth) => text.toString("utf8", nth === 0 ? 0 : ends[nth - 1], end));
}

function readKey(handle: number, { endsAt, rows }: Block, nth: number): string {
  const ends = Buffer.alloc(2 * wordBytes);
  if (nth > 0) readExactly(handle, ends, endsAt + (nth - 1) * wordBytes);
  else readExactly(handle, ends.subarray(wordBytes), endsAt);
  const [from, to] = [ends.readUInt32LE(0), ends.readUInt32LE(wordBytes)];
  const text = Buffer.alloc(Math.max(0, to - from));
  readExactly(handle, text, endsAt + rows * wordBytes + from);
  return text.toString("utf8");
}

function parseHead(line: string): KeysHead | undefined {
  try {
    const head = JSON.parse(line) as KeysHead | null;
    if (head?.schema === 1) {
      return [head.rows, head.bytes].every(Number.isSafeInteger) ? head : undefined;
    }
    const ok = head?.schema === 2 && Number.isSafeInteger(head.buckets) && head.buckets > 0;
    return ok ? head : undefined;
  } catch {
    return undefined; // No header of ours: the caller says so with the file's name.
  }
}
