/** Id and home bytes of all devices in one piece, which is compacted when half of it belongs to nobody. */
import { type DeviceTable, deviceField, rowOf, rowShift } from "./device-rows.ts";
import { grownBytes, grownPlaces } from "./growth.ts";

/** Appends the bytes; there is room. They may be of the text itself. */
export function copyText(table: DeviceTable, bytes: Uint8Array, start: number, end: number): void {
  const { text, textUsed } = table;
  const length = end - start;
  for (let i = 0; i < length; i++) text[textUsed + i] = bytes[start + i]!;
  table.textUsed = textUsed + length;
}

/**
 * Makes room for so many bytes of text and says where they will begin. Slots know where theirs lie
 * then.
 */
export function makeRoom(table: DeviceTable, length: number): number {
  if (table.textUsed + length <= table.text.length) return table.textUsed;
  const live = table.textUsed - table.textLost;
  if (live * 2 > table.textUsed) {
    const wanted = Math.max(grownPlaces(table.text.length), table.textUsed + length);
    table.text = grownBytes(table.text, wanted);
    return table.textUsed;
  }
  const text = new Uint8Array(Math.max(table.text.length, (live + length) * 2));
  const { idStart, homeStart, homeEnd } = deviceField;
  const { cells } = table;
  let used = 0;
  // Free slots have empty ranges, so all slots can be walked alike.
  for (let row = 0; row < rowOf(table.used); row += 1 << rowShift) {
    const from = cells[row + idStart]!;
    const to = cells[row + homeEnd]!;
    text.set(table.text.subarray(from, to), used);
    cells[row + idStart] = used;
    cells[row + homeStart] = cells[row + homeStart]! + used - from;
    cells[row + homeEnd] = used + to - from;
    used += to - from;
  }
  table.text = text;
  table.textUsed = used;
  table.textLost = 0;
  return used;
}
