/**
 * One partition of the raw topic beside its plan, record by record. Equal to the next send: fine, and cheap. Otherwise
 * the record is looked up, and put to its place where the plan has one (`raw-audit-order.ts`).
 */

import { fates, type Plan } from "../../simulator/plan.ts";
import type { FindingList } from "../checks/finding.ts";
import type { Decision } from "../expected/decision.ts";
import { createExpectedSends, type Send, type SendOrder } from "../expected/expected-sends.ts";
import type { Ledger } from "../expected/ledger.ts";
import type { LogRecord } from "../expected/log-record.ts";
import type { AuditedPartition, missingSpec } from "../facts/audit-facts.ts";
import { addValues, type Table } from "../facts/table.ts";
import { claimOf } from "./raw-audit-claim.ts";
import { createHeldRecords } from "./raw-audit-held.ts";
import { identify } from "./raw-audit-identity.ts";
import { createLogOrder, orderOf } from "./raw-audit-order.ts";
import { isStranger, strangersMax } from "./raw-audit-stranger.ts";

/** More than a report shows of what the end of a log lacks: nobody has to walk the plan to name them. */
const tailSendsMax = 256;

export type PartitionAuditOptions = {
  readonly plan: Plan;
  readonly partition: number;
  readonly topic: string;
  readonly ledger: Ledger;
  readonly findings: FindingList;
  /** Where the log ended when its run did. What came after was seen by no job: no send of it, and not folded. */
  readonly until?: number;
};

export type PartitionAudit = {
  /** The next record of the log. Its bytes are read before this returns, or copied. */
  readonly push: (record: LogRecord) => void;
  /** Event ms at which the load ended. Must be told before `finish`; natural ends too. */
  readonly cut: (atEventMs: number) => void;
  readonly nextOffset: () => number;
  /** Event ms up to which the plan was found in the log. */
  readonly heardUntil: () => number;
  /** Once, after the ledger's: adds the missing sends to the table. */
  readonly finish: (missing: Table<typeof missingSpec>) => AuditedPartition;
};

export function createPartitionAudit(options: PartitionAuditOptions): PartitionAudit {
  const { plan, partition, ledger, findings, until = Number.POSITIVE_INFINITY } = options;
  const sends = createExpectedSends(plan, partition);
  let cutAt = plan.options.startAt + plan.options.loadMs;
  const order = createLogOrder({ plan, sends, findings, evidence, cutAt: () => cutAt });
  const strangers: number[] = [];
  const held = createHeldRecords();
  let nextOffset = 0;
  let unplanned = 0;

  function push(record: LogRecord): void {
    nextOffset = record.offset + 1;
    if (record.offset >= until) addAfterEnd(record);
    else if (held.any()) held.hold(record);
    else if (!order.isAwry() && sends.has() && sends.matches(record)) takeNext(record);
    else if (waitsForCut(record)) held.hold(record);
    else take(record);
  }

  function addAfterEnd(record: LogRecord): void {
    const at = { topic: options.topic, partition, offset: record.offset };
    findings.add("phantom", () => ({
      ...at,
      ...claimOf(record),
      found: "after the end of the run",
    }));
  }

  /** Before the cut is known nobody can say which closing readings there should be. */
  function waitsForCut(record: LogRecord): boolean {
    if (sends.cutKnown() || (sends.has() && sends.matches(record))) return false;
    if (!sends.has()) return true;
    const { bytes, keyStart, keyEnd } = record;
    return keyEnd >= 0 && plan.deviceOf(bytes, keyStart, keyEnd) >= plan.fleetDevices;
  }

  function take(record: LogRecord): void {
    if (order.isAwry()) order.passEarly(record);
    if (!order.hasRun() && sends.has() && sends.matches(record)) takeNext(record);
    else resynchronise(record, ledger.fold(partition, record));
  }

  function takeNext(record: LogRecord): void {
    const planned = sends.reading();
    countUnplanned(ledger.foldPlanned(partition, record, planned), planned.fate);
    order.takeNext();
  }

  /** `fate` is -1 for a record that is not of the plan. */
  function countUnplanned(decision: Decision, fate: number): void {
    if (decision === "accepted" || decision === "duplicate" || decision === fates[fate]) return;
    unplanned += 1;
  }

  function resynchronise(record: LogRecord, decision: Decision): void {
    if (strangers.length < strangersMax && isStranger(record, decision)) {
      strangers.push(record.offset);
      return;
    }
    const decoded = decision === "malformed" ? undefined : ledger.reading;
    const found = identify(plan, partition, cutAt, record, decoded, ledger.device());
    const at = { topic: options.topic, partition, offset: record.offset };
    countUnplanned(decision, found.kind === "planned" && found.exact ? found.reading.fate : -1);
    if (found.kind === "phantom") {
      findings.add("phantom", () => ({ ...at, found: found.why, ...claimOf(record) }));
      return;
    }
    if (found.kind === "unreadable") {
      findings.add("corrupt", () => ({ ...at, device: plan.deviceId(found.device) }));
      if (sends.has() && sends.next().device === found.device) sends.advance();
      return;
    }
    if (!found.exact)
      findings.add("corrupt", () => evidence(orderOf(found.reading, 0), record.offset));
    order.place(found.reading, found.exact, record.offset);
  }

  function cut(atEventMs: number): void {
    if (sends.cutKnown()) return;
    cutAt = Math.min(cutAt, atEventMs);
    if (sends.lastSentAt() >= cutAt) {
      const found = `a send of event time ${sends.lastSentAt()}, past the end of the load`;
      const [expected, offset] = [`none from ${cutAt} on`, nextOffset - 1];
      findings.add("phantom", () => ({ topic: options.topic, partition, offset, expected, found }));
    }
    sends.cut(atEventMs);
    for (const record of held.release()) take(record);
  }

  function finish(table: Table<typeof missingSpec>): AuditedPartition {
    const { missing, matched, overflowed } = order.finish();
    const tailMissing = sends.has();
    const tailFrom = tailMissing ? sends.next().position : sends.position();
    for (const { position, device, index, copy } of missing) {
      addValues(table, { partition, position, device, index, copy });
    }
    const tailSends = takeTail();
    const { records, folded, duplicate, rejected, streamTime } = ledger.tally(partition);
    return {
      partition,
      endOffset: nextOffset,
      records,
      folded,
      duplicate,
      rejected,
      rejectedUnplanned: unplanned,
      streamTime: streamTime ?? null,
      matched,
      tailFrom,
      tailMissing,
      ...(strangers.length === 0 ? {} : { strangers }),
      tailSends,
      overflowed,
    };
  }

  function takeTail(): NonNullable<AuditedPartition["tailSends"]> {
    const tail: Pick<Send, "position" | "device" | "index" | "copy">[] = [];
    for (; tail.length < tailSendsMax && sends.has(); sends.advance()) {
      const { position, device, index, copy } = sends.next();
      tail.push({ position, device, index, copy });
    }
    return tail;
  }

  function evidence(order: SendOrder, offset: number) {
    const id = {
      device: plan.deviceId(order.device),
      ...plan.readingId(order.device, order.index),
    };
    return { ...id, topic: options.topic, partition, offset };
  }

  return {
    push,
    cut,
    nextOffset: () => nextOffset,
    heardUntil: () => sends.lastSentAt(),
    finish,
  };
}
