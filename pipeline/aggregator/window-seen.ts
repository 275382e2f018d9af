/**
 * Which sequence numbers a window has folded: the bitmap of its first boot stands in its own row,
 * and what it has no place for (other boots, numbers far away) in `SeenSeqs`, under the same rules.
 * Hot path: nearly every reading ends with the first lines of `markInWindow`.
 */
import { addBoot, addBootAt, findBoot, mark, type SeenSeqs, type SeqVerdict } from "./dedupe.ts";
import { noEntry } from "./growth.ts";
import { field, type WindowStore } from "./window-store.ts";

/** The first boot of an empty window. No sequence number is marked yet. */
export function beginSeen(windows: WindowStore, window: number, boot: number, base: number): void {
  const row = window * windows.words;
  windows.cells[row + field.boot] = boot;
  windows.cells[row + field.base] = base;
}

/** Marks `seq` of `boot`, and says whether it was there before or finds no place any more. */
export function markInWindow(
  windows: WindowStore,
  seen: SeenSeqs,
  window: number,
  boot: number,
  seq: number,
): SeqVerdict {
  const { cells } = windows;
  const row = window * windows.words;
  const bit = seq - cells[row + field.base]!;
  if (boot !== cells[row + field.boot] || bit < 0 || bit >= seen.span) {
    return mark(seen, entryOf(windows, seen, window, boot, seq), seq);
  }
  const word = row + field.bits + (bit >>> 5);
  const mask = 1 << (bit & 31);
  const before = cells[word]!;
  if ((before & mask) !== 0) return "duplicate";
  cells[word] = before | mask;
  return "new";
}

/**
 * The entry of `boot` beside the row. The first boot's has the row's own base: no number is in both
 * bitmaps.
 */
function entryOf(
  { cells, words }: WindowStore,
  seen: SeenSeqs,
  window: number,
  boot: number,
  seq: number,
): number {
  const row = window * words;
  const head = cells[row + field.more]!;
  const known = findBoot(seen, head, boot);
  if (known !== noEntry) return known;
  const first = boot === cells[row + field.boot];
  const entry = first
    ? addBootAt(seen, head, boot, cells[row + field.base]!)
    : addBoot(seen, head, boot, seq);
  cells[row + field.more] = entry;
  return entry;
}
