/**
 * The fold as the specification has it: what every window holds after each accepted reading, a row for each device and
 * window. Kept are the windows that can still change. What no reading can reach any more, because it would be late,
 * is handed on with the revisions that it went through; so memory does not grow with the length of a run.
 */
import type { Plan } from "../../simulator/plan.ts";
import type { AuditRows } from "../facts/audit-facts.ts";
import { addRow, createTable, rowOf } from "../facts/table.ts";
import { type revisionSpec, windowSpec } from "../facts/window-rows.ts";
import { contributionHi, contributionLo } from "./contributor.ts";
import type { DeviceRegister } from "./device-register.ts";
import { createOpenWindows } from "./open-windows.ts";
import { createWindowMembers } from "./window-members.ts";

/** The reading's own numbers; `windowStart` is the window of its `at`. */
type Member = {
  readonly boot: number;
  readonly seq: number;
  readonly temperature: number;
};

type Revision = Record<Exclude<keyof typeof revisionSpec, "row">, number>;

export type WindowLedger = {
  /**
   * Takes in a reading that is neither malformed, misplaced, future nor late; `streamTime` is the one before
   * it. It is a revision where its window was due by then.
   */
  readonly take: (
    device: number,
    partition: number,
    windowStart: number,
    member: Member,
    streamTime: number | undefined,
  ) => "duplicate" | "span" | "accepted";
  /** Windows that may still change. */
  readonly open: () => number;
  /** Hands on all the rest, with the stream times (by partition) at the end of the log. Once. */
  readonly close: (streamTimes: readonly (number | undefined)[]) => void;
};

export function createWindowLedger(
  plan: Plan,
  register: DeviceRegister,
  span: number,
  rows: Pick<AuditRows, "buckets" | "windows" | "revisions">,
): WindowLedger {
  const { sizeMs, graceMs, retentionMs } = plan.options.window;
  /** By slot. */
  const windows = createTable(windowSpec, Math.min(2 * plan.fleetDevices, 1 << 20) + 64);
  const revisions = new Map<number, Revision[]>();
  const free: number[] = [];
  const holdMs = Math.max(retentionMs, graceMs);
  const open = createOpenWindows(plan, holdMs, (slot) => windows.columns.window[slot]!);
  const members = createWindowMembers(plan, span);

  function take(
    device: number,
    partition: number,
    windowStart: number,
    member: Member,
    streamTime: number | undefined,
  ): "duplicate" | "span" | "accepted" {
    if (streamTime !== undefined && streamTime >= open.closeAt(partition)) {
      open.takeUntil(partition, streamTime, (slot) => handOn(slot, streamTime));
    }
    const known = open.slotOf(device, partition, windowStart);
    const slot = known >= 0 ? known : addWindow(device, partition, windowStart);
    const verdict = members.admit(slot, device, member.boot, member.seq);
    if (verdict !== "accepted") return verdict;
    if (isDue(windowStart, streamTime) && windows.columns.count[slot]! > 0) keepRevision(slot);
    fold(slot, device, member);
    return "accepted";
  }

  function isDue(windowStart: number, streamTime: number | undefined): boolean {
    return streamTime !== undefined && streamTime >= windowStart + sizeMs + graceMs;
  }

  function addWindow(device: number, partition: number, windowStart: number): number {
    const slot = free.pop() ?? addRow(windows);
    const { columns } = windows;
    columns.device[slot] = device;
    columns.partition[slot] = partition;
    columns.window[slot] = windowStart;
    columns.count[slot] = 0;
    columns.sum[slot] = 0;
    columns.digestHi[slot] = 0;
    columns.digestLo[slot] = 0;
    columns.firstDue[slot] = 0;
    members.open(slot, device, windowStart, windows.capacity);
    open.put(device, partition, windowStart, slot);
    return slot;
  }

  function keepRevision(slot: number): void {
    const { count, firstDue } = windows.columns;
    if (firstDue[slot] === 0) firstDue[slot] = count[slot]!;
    const known = revisions.get(slot);
    if (known === undefined) revisions.set(slot, [rowOf(windows, slot)]);
    else known.push(rowOf(windows, slot));
  }

  function fold(slot: number, device: number, member: Member): void {
    const { boot, seq, temperature } = member;
    const { count, min, max, sum, digestHi, digestLo } = windows.columns;
    const first = count[slot] === 0;
    min[slot] = first ? temperature : Math.min(min[slot]!, temperature);
    max[slot] = first ? temperature : Math.max(max[slot]!, temperature);
    sum[slot]! += temperature;
    count[slot]! += 1;
    digestHi[slot]! += contributionHi(register.hashHi(device), boot, seq);
    digestLo[slot]! += contributionLo(register.hashLo(device), boot, seq);
  }

  /** The window is over: its row and its revisions go where they are kept, and its slot is free. */
  function handOn(slot: number, streamTime: number | undefined): void {
    const { device, window, count, firstDue, firstSeq } = windows.columns;
    const bucket = rows.buckets.of(device[slot]!);
    if (firstDue[slot] === 0 && isDue(window[slot]!, streamTime)) firstDue[slot] = count[slot]!;
    firstSeq[slot] = members.firstSeq(slot);
    for (const revision of revisions.get(slot) ?? []) {
      rows.revisions.add({ ...revision, row: rows.windows.rows(bucket) }, bucket);
    }
    rows.windows.take(windows.columns, slot, bucket);
    revisions.delete(slot);
    members.close(slot);
    free.push(slot);
  }

  function close(streamTimes: readonly (number | undefined)[]): void {
    for (const [partition, streamTime] of streamTimes.entries()) {
      open.takeUntil(partition, Number.POSITIVE_INFINITY, (slot) => handOn(slot, streamTime));
    }
  }

  return { take, open: () => windows.length - free.length, close };
}
