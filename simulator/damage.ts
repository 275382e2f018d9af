/** How a malformed reading is damaged: by its hash in one of four ways, each of which no decoder of the contract accepts. */
import { drawFrom } from "./scramble.ts";

/** Damages `target[start, end)`, a whole encoded reading; returns the new end, at most one byte further. */
export function damage(
  target: Uint8Array,
  start: number,
  end: number,
  readingWord: number,
): number {
  const word = drawFrom(readingWord, 6);
  const kind = word & 3;
  const where = (word >>> 2) % (end - start - 1);
  // Cut short in transit; never to nothing, because a record without value is another thing to Kafka.
  if (kind === 0) return start + 1 + where;
  // Bytes of the message behind it: both forms say where a reading ends.
  if (kind === 1) {
    target[end] = 0x7d;
    return end + 1;
  }
  // The first byte says which form it is, and 0x21 is none: one flipped byte, or noise all through.
  target[start] = 0x21;
  if (kind === 3) {
    for (let at = start + 1; at < end; at++) target[at] = drawFrom(word, at - start) & 0xff;
  }
  return end;
}
