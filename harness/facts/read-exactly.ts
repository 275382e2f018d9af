/** Fills `bytes` from a file's position on, in as many reads as the system takes. */
import type { FileHandle } from "node:fs/promises";
import { FactsError } from "./facts-error.ts";

/** Errors: `FactsError` where the file ends before. */
export async function readExactly(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let filled = 0; filled < bytes.length; ) {
    const left = bytes.length - filled;
    const { bytesRead } = await handle.read(bytes, filled, left, position + filled);
    if (bytesRead === 0) throw new FactsError(`the file ended ${left} bytes early`);
    filled += bytesRead;
  }
}
