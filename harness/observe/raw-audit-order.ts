/**
 * Log and plan of one partition, brought together again where they differ. A send that the log passes over is *missing*
 * (the acks tell later whether that is a loss), one that came back is out of order, one too many is a duplicate. A single
 * record from further on is taken for an intruder; `gapRun` of them in order show that the log has gone on.
 */
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
import type { Finding, FindingList } from "../checks/finding.ts";
import {
  type ExpectedSends,
  isBefore,
  type Send,
  type SendOrder,
} from "../expected/expected-sends.ts";
import type { LogRecord } from "../expected/log-record.ts";

const gapRun = 3;
/** What goes on behind a gap is the next send of the plan: hardly ever further than so many usual distances away. */
const nearSends = 8;
/** Sends that may be missing at once: a bound of memory. */
const missingMax = 2_000_000;

type LogOrderOptions = {
  readonly plan: Plan;
  readonly sends: ExpectedSends;
  readonly findings: FindingList;
  /** Of a send that lies at this offset. */
  readonly evidence: (order: SendOrder, offset: number) => Omit<Finding, "class">;
  /** Event ms at which the load ended, as far as that is known. */
  readonly cutAt: () => number;
};

export type LogOrder = {
  /** Whether something was seen before its turn. */
  readonly isAwry: () => boolean;
  /** Whether what was seen last may be where the log has gone on. */
  readonly hasRun: () => boolean;
  /** The record is the next send. */
  readonly takeNext: () => void;
  /** Passes the sends whose turn it is now, and that were seen before it: `record` is the one that comes at their turn. */
  readonly passEarly: (record: LogRecord) => void;
  /** Puts a record of the plan to its place. `exact`: byte for byte. */
  readonly place: (reading: PlannedReading, exact: boolean, offset: number) => void;
  /** Once, at the end of the log. */
  readonly finish: () => {
    readonly missing: Iterable<Send>;
    /** Sends found, at their place or at another. */
    readonly matched: number;
    /** Whether more were missing than are kept. */
    readonly overflowed: boolean;
  };
};

export function createLogOrder(options: LogOrderOptions): LogOrder {
  const { plan, sends, findings, evidence, cutAt } = options;
  const nearMs = nearMsOf(plan);
  /** Passed over so far, and seen before their turn (with their offset): by `keyOf`. */
  const missing = new Map<number, Send>();
  const early = new Map<number, number>();
  let run: SendOrder[] = [];
  let matched = 0;
  let overflowed = false;

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

  /**
   * Puts a record of the plan to its place. Where the log has gone on and one of two equal copies is due about there, it
   * is that one: behind a gap the second copy is more likely than the first one, come late. A run of second copies alone
   * says nothing: they may be first ones that came again.
   */
  function place(reading: PlannedReading, exact: boolean, offset: number): void {
    const copies = [orderOf(reading, 0)];
    if (reading.duplicateAt >= 0 && reading.duplicateAt < cutAt()) copies.push(orderOf(reading, 1));
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

  return {
    isAwry: () => early.size > 0,
    hasRun: () => run.length > 0,
    takeNext() {
      matched += 1;
      if (run.length > 0) run = [];
      sends.advance();
    },
    passEarly,
    place,
    finish() {
      passLastEarly();
      passTo(new Set(early.keys()));
      return { missing: missing.values(), matched, overflowed };
    },
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

export function orderOf(reading: PlannedReading, copy: 0 | 1): SendOrder {
  const sendAt = copy === 0 ? reading.sendAt : reading.duplicateAt;
  return { sendAt, device: reading.device, index: reading.index, copy };
}
