/**
 * The fold as the specification has it: what every window holds after each accepted reading, a row for each device and
 * window. Kept are the windows that can still change. What no reading can reach any more, because it would be late,
 * is handed on with the revisions that it went through; so memory does not grow with the length of a run.
 */
import type { Plan } from "../../simulator/plan.ts";
import type { AuditRows } from "../facts/audit-facts.ts";
import { addRow, createTable } from "../facts/table.ts";
import { type revisionSpec, windowSpec } from "../facts/window-rows.ts";
import { contributionHi, contributionLo } from "./contributor.ts";
import type { DeviceRegister } from "./device-register.ts";
import { createOpenWindows } from "./open-windows.ts";
import { createWindowCells } from "./window-cells.ts";
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
  const cells = createWindowCells(Math.min(2 * plan.fleetDevices, 1 << 20) + 64);
  /** One row: of the window that is handed on. */
  const over = createTable(windowSpec, 1);
  addRow(over);
  const revisions = new Map<number, Revision[]>();
  const free: number[] = [];
  const holdMs = Math.max(retentionMs, graceMs);
  const open = createOpenWindows(plan, holdMs, cells.windowOf);
  const members = createWindowMembers(plan, span);

  function take(
    device: number,
    partition: number,
    windowStart: number,
    member: Member,
    streamTime: number | undefined,
  ): "duplicate" | "span" | "accepted" {
    if (streamTime !== undefined && streamTime >= open.closeAt(partition)) {
      open.takeUntil(partition, streamTime, (slot) => handOn(slot, partition, streamTime));
    }
    const known = open.slotOf(device, partition, windowStart);
    const slot = known >= 0 ? known : addWindow(device, partition, windowStart);
    const verdict = members.admit(slot, device, member.boot, member.seq);
    if (verdict !== "accepted") return verdict;
    if (isDue(windowStart, streamTime) && cells.countOf(slot) > 0) keepRevision(slot);
    const { boot, seq, temperature } = member;
    const hi = contributionHi(register.hashHi(device), boot, seq);
    cells.fold(slot, temperature, hi, contributionLo(register.hashLo(device), boot, seq));
    return "accepted";
  }

  function isDue(windowStart: number, streamTime: number | undefined): boolean {
    return streamTime !== undefined && streamTime >= windowStart + sizeMs + graceMs;
  }

  function addWindow(device: number, partition: number, windowStart: number): number {
    const slot = free.pop() ?? cells.add();
    cells.begin(slot, device, windowStart);
    members.open(slot, device, windowStart, cells.capacity());
    open.put(device, partition, windowStart, slot);
    return slot;
  }

  function keepRevision(slot: number): void {
    cells.setDue(slot);
    const { columns } = over;
    cells.copy(slot, columns);
    const revision = {
      count: columns.count[0]!,
      min: columns.min[0]!,
      max: columns.max[0]!,
      sum: columns.sum[0]!,
      digestHi: columns.digestHi[0]!,
      digestLo: columns.digestLo[0]!,
    };
    const known = revisions.get(slot);
    if (known === undefined) revisions.set(slot, [revision]);
    else known.push(revision);
  }

  /** The window is over: its row and its revisions go where they are kept, and its slot is free. */
  function handOn(slot: number, partition: number, streamTime: number | undefined): void {
    if (isDue(cells.windowOf(slot), streamTime)) cells.setDue(slot);
    const { columns } = over;
    cells.copy(slot, columns);
    columns.partition[0] = partition;
    columns.firstSeq[0] = members.firstSeq(slot);
    const bucket = rows.buckets.of(columns.device[0]!);
    for (const revision of revisions.get(slot) ?? []) {
      rows.revisions.add({ ...revision, row: rows.windows.rows(bucket) }, bucket);
    }
    rows.windows.take(columns, 0, bucket);
    revisions.delete(slot);
    members.close(slot);
    free.push(slot);
  }

  function close(streamTimes: readonly (number | undefined)[]): void {
    for (const [partition, streamTime] of streamTimes.entries()) {
      open.takeUntil(partition, Number.POSITIVE_INFINITY, (slot) =>
        handOn(slot, partition, streamTime),
      );
    }
  }

  return { take, open: () => cells.length() - free.length, close };
}
