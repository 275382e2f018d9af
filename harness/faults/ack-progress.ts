/**
 * How far a simulator worker is, as its own file of acknowledgements says: by partition, the position up to which
 * sends were acked. Read from the file's end, because a worker that was killed tells nobody else.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { parseAckRanges } from "../facts/ack-ranges.ts";
import type { StageProgress } from "./fault-ports.ts";

/** Ten seconds of a worker with eight partitions; a partition that acked nothing for longer is left out. */
const tailBytes = 131_072;

/** Nothing while there is no file. `idle`: nothing more is to be sent. */
export function ackProgress(file: string, idle: boolean): StageProgress {
  const progress = new Map<number, { done: bigint; idle: boolean }>();
  for (const { partition, to, outcome } of parseAckRanges(tailOf(file))) {
    const done = progress.get(partition)?.done ?? 0n;
    if (outcome === "acked" && BigInt(to) > done)
      progress.set(partition, { done: BigInt(to), idle });
  }
  return progress;
}

/** Whole lines. */
function tailOf(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const from = Math.max(0, size - tailBytes);
  if (size === 0) return "";
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(size - from);
    const read = readSync(descriptor, bytes, 0, bytes.length, from);
    const text = bytes.toString("latin1", 0, read);
    const begin = from === 0 ? 0 : text.indexOf("\n") + 1;
    return text.slice(begin, text.lastIndexOf("\n") + 1);
  } finally {
    closeSync(descriptor);
  }
}
