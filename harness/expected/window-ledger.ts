/**
 * The fold as the specification has it: what every window holds after each accepted reading, one row for each
 * device and window. Membership is exact: a bit for every reading that the plan puts into the window, and a
 * plain set for all others. Rows are never evicted; what is late never reaches this file.
 */
import type { Plan } from "../../simulator/plan.ts";
import { addRow, addValues, createColumn, createTable } from "../facts/table.ts";
import { revisionSpec, windowSpec } from "../facts/window-rows.ts";
import { contributionHi, contributionLo } from "./contributor.ts";
import type { DeviceRegister } from "./device-register.ts";
import { createSpanRule } from "./span.ts";

/** The reading's own numbers; `windowStart` is the window of its `at`. */
export type Member = {
  readonly boot: number;
  readonly seq: number;
  readonly temperature: number;
};

/** Rows made room for from the start: what is not used costs nothing, and to grow by copying would stop the audit. */
const roomAtOnce = 1 << 23;

export function createWindowLedger(plan: Plan, register: DeviceRegister, span: number) {
  const { startAt, loadMs, everyMs, window } = plan.options;
  const { sizeMs, graceMs } = window;
  const firstWindow = Math.floor(startAt / sizeMs);
  const windowsPlanned = Math.floor((startAt + loadMs - 1) / sizeMs) - firstWindow + 1;
  /** Row + 1 of a fleet device and planned window; 0: none yet. */
  const planned = new Int32Array(plan.fleetDevices * windowsPlanned);
  const others = new Map<string, number>();
  const windows = createTable(windowSpec, Math.min(planned.length + 64, roomAtOnce));
  const revisions = createTable(revisionSpec);

  /** Per row: the first index that the plan puts into it, how many, and a bit for each. */
  const words = Math.ceil((Math.ceil(sizeMs / everyMs) + 1) / 32);
  let firstIndex = createColumn("i32", windows.capacity);
  let indexes = createColumn("i32", windows.capacity);
  let bits = createColumn("u32", windows.capacity * words);
  const irregular = new Set<string>();
  const firstOfBoot = new Map<string, number>();
  const spans = createSpanRule(span);

  /**
   * Takes in a reading that is neither malformed, misplaced, future nor late; `streamTime` is the one before
   * it. It is a revision where its window was due by then.
   */
  function take(
    device: number,
    partition: number,
    windowStart: number,
    member: Member,
    streamTime: number | undefined,
  ): "duplicate" | "span" | "accepted" {
    const row = rowOf(device, partition, windowStart);
    const verdict = admit(row, member);
    if (verdict !== "accepted") return verdict;
    const due = streamTime !== undefined && streamTime >= windowStart + sizeMs + graceMs;
    if (due && windows.columns.count[row]! > 0) keepRevision(row);
    fold(row, device, member);
    return "accepted";
  }

  function rowOf(device: number, partition: number, windowStart: number): number {
    const nth = windowStart / sizeMs - firstWindow;
    const isPlanned = device < plan.fleetDevices && nth >= 0 && nth < windowsPlanned;
    const at = device * windowsPlanned + nth;
    const key = isPlanned ? "" : `${device}/${windowStart}`;
    const known = isPlanned ? planned[at]! - 1 : (others.get(key) ?? -1);
    if (known >= 0) return known;
    const row = addWindow(device, partition, windowStart);
    if (isPlanned) planned[at] = row + 1;
    else others.set(key, row);
    return row;
  }

  function addWindow(device: number, partition: number, windowStart: number): number {
    const row = addRow(windows);
    const { columns } = windows;
    columns.device[row] = device;
    columns.partition[row] = partition;
    columns.window[row] = windowStart;
    columns.firstSeq[row] = -1;
    if (row >= firstIndex.length) growMembership();
    if (device < plan.fleetDevices) {
      const { first, end } = plan.indexesIn(device, windowStart, windowStart + sizeMs);
      firstIndex[row] = first;
      indexes[row] = end - first;
    }
    return row;
  }

  function admit(row: number, member: Member): "duplicate" | "span" | "accepted" {
    const { boot, seq } = member;
    const nth = seq - firstIndex[row]!;
    const regular = boot === 0 && nth >= 0 && nth < indexes[row]!;
    const word = row * words + (nth >>> 5);
    const bit = 1 << (nth & 31);
    const key = regular ? "" : `${row}/${boot}/${seq}`;
    if (regular ? (bits[word]! & bit) !== 0 : irregular.has(key)) return "duplicate";
    const first = boot === 0 ? windows.columns.firstSeq[row]! : firstOfBoot.get(`${row}/${boot}`);
    if (first === undefined || first < 0) keepFirst(row, boot, seq);
    else if (Math.abs(seq - first) >= span / 2 && spans.refuses(`${row}/${boot}`, first, seq)) {
      return "span";
    }
    if (regular) bits[word]! |= bit;
    else irregular.add(key);
    return "accepted";
  }

  function keepFirst(row: number, boot: number, seq: number): void {
    if (boot === 0) windows.columns.firstSeq[row] = seq;
    else firstOfBoot.set(`${row}/${boot}`, seq);
  }

  function keepRevision(row: number): void {
    const { count, min, max, sum, digestHi, digestLo, firstDue } = windows.columns;
    if (firstDue[row] === 0) firstDue[row] = count[row]!;
    addValues(revisions, {
      row,
      count: count[row]!,
      min: min[row]!,
      max: max[row]!,
      sum: sum[row]!,
      digestHi: digestHi[row]!,
      digestLo: digestLo[row]!,
    });
  }

  function fold(row: number, device: number, member: Member): void {
    const { boot, seq, temperature } = member;
    const { count, min, max, sum, digestHi, digestLo } = windows.columns;
    const first = count[row] === 0;
    min[row] = first ? temperature : Math.min(min[row]!, temperature);
    max[row] = first ? temperature : Math.max(max[row]!, temperature);
    sum[row]! += temperature;
    count[row]! += 1;
    digestHi[row]! += contributionHi(register.hashHi(device), boot, seq);
    digestLo[row]! += contributionLo(register.hashLo(device), boot, seq);
  }

  function growMembership(): void {
    const [first, many, marks] = [firstIndex, indexes, bits];
    firstIndex = createColumn("i32", windows.capacity);
    indexes = createColumn("i32", windows.capacity);
    bits = createColumn("u32", windows.capacity * words);
    firstIndex.set(first);
    indexes.set(many);
    bits.set(marks);
  }

  /** Marks as due what the stream times (by partition) at the end of the log make due. Once, at the end. */
  function close(streamTimes: readonly (number | undefined)[]): void {
    const { partition, window: start, count, firstDue } = windows.columns;
    for (let row = 0; row < windows.length; row++) {
      const time = streamTimes[partition[row]!];
      const due = time !== undefined && time >= start[row]! + sizeMs + graceMs;
      if (due && firstDue[row] === 0) firstDue[row] = count[row]!;
    }
  }

  return { take, close, windows, revisions };
}
