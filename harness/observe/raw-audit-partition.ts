/**
 * One partition of the raw topic beside its plan, record by record. Equal to the next send: fine, and cheap.
 * Otherwise the record is looked up and the two are brought together again: a send that the log passes over
 * is *missing* (the acks tell later whether that is a loss), one that came back is out of order, one too many
 * is a duplicate. A single record from further on is taken for an intruder; `gapRun` of them in order show
 * that the log has gone on.
 */

import { fates, type Plan, type PlannedReading } from "../../simulator/plan.ts";
import type { FindingList } from "../checks/finding.ts";
import type { Decision } from "../expected/decision.ts";
import {
  createExpectedSends,
  isBefore,
  type Send,
  type SendOrder,
} from "../expected/expected-sends.ts";
import type { Ledger } from "../expected/ledger.ts";
import type { LogRecord } from "../expected/log-record.ts";
import type { AuditedPartition, missingSpec } from "../facts/audit-facts.ts";
import { addValues, type Table } from "../facts/table.ts";
import { claimOf } from "./raw-audit-claim.ts";
import { createHeldRecords } from "./raw-audit-held.ts";
import { identify } from "./raw-audit-identity.ts";
import { isStranger, strangersMax } from "./raw-audit-stranger.ts";

const gapRun = 3;
/** What goes on behind a gap is the next send of the plan: hardly ever further than so many usual distances away. */
const nearSends = 8;
/** Sends that may be missing at once: a bound of memory. */
const missingMax = 2_000_000;
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
  const nearMs = nearMsOf(plan);
  /** Passed over so far, and seen before their turn (with their offset): by `keyOf`. */
  const missing = new Map<number, Send>();
  const early = new Map<number, number>();
  let run: SendOrder[] = [];
  const strangers: number[] = [];
  const held = createHeldRecords();
  let nextOffset = 0;
  let matched = 0;
  let unplanned = 0;
  let overflowed = false;

  function push(record: LogRecord): void {
    nextOffset = record.offset + 1;
    if (record.offset >= until) addAfterEnd(record);
    else if (held.any()) held.hold(record);
    else if (early.size === 0 && sends.has() && sends.matches(record)) takeNext(record);
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
    if (early.size > 0) passEarly(record);
    if (run.length === 0 && sends.has() && sends.matches(record)) takeNext(record);
    else resynchronise(record, ledger.fold(partition, record));
  }

  function takeNext(record: LogRecord): void {
    countUnplanned(ledger.fold(partition, record), sends.fate());
    matched += 1;
    run = [];
    sends.advance();
  }

  /** `fate` is -1 for a record that is not of the plan. */
  function countUnplanned(decision: Decision, fate: number): void {
    if (decision === "accepted" || decision === "duplicate" || decision === fates[fate]) return;
    unplanned += 1;
  }

  /** The next send may have been seen before its turn. Then it either came twice, or at the wrong place. */
  function passEarly(record: LogRecord): void {
    while (sends.has()) {
      const send = sends.next();
      const offset = early.get(keyOf(send));
      if (offset === undefined) return;
      early.delete(keyOf(send));
      const cameAgain = sends.matches(record);
      findings.add(cameAgain ? "duplicate" : "reorder", () => evidence(send, offset));
      if (cameAgain) matched -= 1;
      else sends.advance();
      if (cameAgain) return;
    }
  }

  /** At the end of the log: whose turn it is now, and who was seen before it, came too early. */
  function passLastEarly(): void {
    for (; sends.has(); sends.advance()) {
      const send = sends.next();
      const offset = early.get(keyOf(send));
      if (offset === undefined) return;
      early.delete(keyOf(send));
      findings.add("reorder", () => evidence(send, offset));
    }
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
    place(found.reading, found.exact, record.offset);
  }

  /**
   * Puts a record of the plan to its place. Where the log has gone on and one of two equal copies is due about there, it
   * is that one: behind a gap the second copy is more likely than the first one, come late. A run of second copies alone
   * says nothing: they may be first ones that came again.
   */
  function place(reading: PlannedReading, exact: boolean, offset: number): void {
    const copies = [orderOf(reading, 0)];
    if (reading.duplicateAt >= 0 && reading.duplicateAt < cutAt) copies.push(orderOf(reading, 1));
    const last = run.at(-1);
    const hasGoneOn = run.some(({ copy }) => copy === 0);
    const goesOn = (copy: SendOrder): boolean =>
      last !== undefined &&
      isBefore(last, copy) &&
      copy.sendAt - last.sendAt <= nearMs &&
      !early.has(keyOf(copy));
    const onward = hasGoneOn ? copies.find(goesOn) : undefined;
    if (onward !== undefined) {
      goOn([...run, onward], offset);
      return;
    }
    const next = sends.has() ? sends.next() : undefined;
    if (next !== undefined && copies.some((copy) => keyOf(copy) === keyOf(next))) {
      matched += 1;
      run = [];
      sends.advance();
      return;
    }
    const back = copies.find((copy) => missing.has(keyOf(copy)));
    if (back !== undefined) {
      missing.delete(keyOf(back));
      matched += 1;
      if (exact) findings.add("reorder", () => evidence(back, offset));
      return;
    }
    const ahead = copies.find((copy) => next && isBefore(next, copy) && !early.has(keyOf(copy)));
    if (ahead === undefined) {
      if (exact) findings.add("duplicate", () => evidence(copies[0]!, offset));
      return;
    }
    goOn(last !== undefined && isBefore(last, ahead) ? [...run, ahead] : [ahead], offset);
  }

  /** The last of `seen`, which are in order, came before its turn. */
  function goOn(seen: SendOrder[], offset: number): void {
    early.set(keyOf(seen.at(-1)!), offset);
    matched += 1;
    run = seen;
    if (run.length >= gapRun) passTo(new Set(run.map(keyOf)));
  }

  /** The log has gone on to these sends: what the plan has before them was passed over. */
  function passTo(wanted: Set<number>): void {
    while (wanted.size > 0 && sends.has()) {
      const send = sends.next();
      const key = keyOf(send);
      if (wanted.delete(key)) early.delete(key);
      else miss(send, key);
      sends.advance();
    }
    run = [];
  }

  function miss(send: Send, key: number): void {
    const offset = early.get(key);
    if (offset !== undefined) {
      early.delete(key);
      findings.add("reorder", () => evidence(send, offset));
    } else if (missing.size < missingMax) missing.set(key, send);
    else overflowed = true;
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
    passLastEarly();
    passTo(new Set(early.keys()));
    const tailMissing = sends.has();
    const tailFrom = tailMissing ? sends.next().position : sends.position();
    for (const { position, device, index, copy } of missing.values()) {
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

/** Event ms. */
function nearMsOf({ options: { devices, everyMs, partitions } }: Plan): number {
  return Math.ceil((nearSends * everyMs * partitions) / devices);
}

/** One number for (device, index, copy): exact for 2^21 readings of each of 2^30 devices. */
function keyOf(send: SendOrder): number {
  return (send.device * 0x20_0000 + send.index) * 2 + send.copy;
}

function orderOf(reading: PlannedReading, copy: 0 | 1): SendOrder {
  const sendAt = copy === 0 ? reading.sendAt : reading.duplicateAt;
  return { sendAt, device: reading.device, index: reading.index, copy };
}
