/** Parts of a file, in as many reads as the system takes. */
import { closeSync, openSync, readSync } from "node:fs";
import { FactsError } from "./facts-error.ts";

/** The system takes no more than 2 GB at once. */
const atOnce = 1 << 30;

/** Fills `bytes` from a file's position on. Errors: `FactsError` where the file ends before. */
export function readExactly(handle: number, bytes: Uint8Array, position: number): void {
  for (let filled = 0; filled < bytes.length; ) {
    const left = bytes.length - filled;
    const read = readSync(handle, bytes, filled, Math.min(left, atOnce), position + filled);
    if (read === 0) throw new FactsError(`the file ended ${left} bytes early`);
    filled += read;
  }
}

/** Opens the file for as long as `read` takes. Errors: `FactsError`, also where it cannot be opened. */
export function withFile<T>(file: string, read: (handle: number) => T): T {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    return read(handle);
  } catch (cause) {
    if (cause instanceof FactsError) throw cause;
    throw new FactsError(`cannot read ${file}`, { cause });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** A first line is far shorter: a dozen names. */
const firstLineMost = 4096;

/** Without its end; empty where there is none. */
export function firstLine(handle: number): string {
  const start = Buffer.alloc(firstLineMost);
  const read = readSync(handle, start, 0, firstLineMost, 0);
  return start.toString("utf8", 0, Math.max(start.subarray(0, read).indexOf(0x0a), 0));
}
