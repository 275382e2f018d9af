/** Writes all of `bytes` behind what a file has, in as many writes as the system takes. */
import { writeSync } from "node:fs";

export function writeAll(handle: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) {
    from += writeSync(handle, bytes, from, bytes.length - from);
  }
}
