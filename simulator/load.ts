/**
 * The open-loop load of one worker: every few milliseconds it sends what its partitions' plans have due by now,
 * whether or not earlier sends were answered. When a buffer is full the plan waits, and the send lag says so. Nothing is
 * handed to the producer that an intent on file does not cover.
 *
 * Hot path: `pourLane` and `settle`. Found by profiles at 115,741 readings/s: two fifths of the time go into making
 * the readings, a third into the system call that sends a tick's request; acks, intents and progress on file, and the
 * histograms, since readings due in one millisecond are measured at once, are a fiftieth together.
 */
import type { AckLog } from "./ack-log.ts";
import type { Clock } from "./clock.ts";
import { closingReadings } from "./closing.ts";
import { createHerd, type HerdOutcome } from "./herd.ts";
import { type IntentLog, intentStretchMs } from "./intent-log.ts";
import type { LoadBeginning } from "./load-beginning.ts";
import { createNumberQueue } from "./number-queue.ts";
import type { Plan, PlannedReading } from "./plan.ts";
import { type Producer, recordOverheadBytes, type SendResult, type Settle } from "./producer.ts";
import { eventAtMs, intendedAtMs, type Schedule } from "./schedule.ts";
import type { SendMeter } from "./send-meter.ts";

/** Of all lives of the worker. */
type LoadCounts = {
  /** Records handed to the producer, or perhaps: those of closing readings not counted. */
  readonly sends: number;
  readonly acked: number;
  readonly failed: number;
  readonly unknown: number;
  /** Closing readings that were acked. */
  readonly closing: number;
};

export type Load = {
  /** The producer's, from the first record on. */
  readonly settle: Settle;
  /** Every send before this event time has been handed to the producer, in all partitions. */
  readonly sentEventMs: number;
  readonly counts: LoadCounts;
  /** Sends the plan up to where it was cut, in time; resolves when all that was sent has settled. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /**
   * The load ends at this event time, or where the intents already are if that is later; `run` again when a later cut
   * adds to a load that has ended.
   */
  readonly cut: (atEventMs: number) => void;
  /** Nothing leaves for so long (wall ms), then all that is due. */
  readonly hold: (forMs: number) => void;
  /** Sends the closing readings of all partitions at once; resolves with their number when they have settled. */
  readonly close: () => Promise<number>;
};

export type LoadOptions = {
  readonly plan: Plan;
  readonly beginning: LoadBeginning;
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly acks: AckLog;
  readonly intents: IntentLog;
  readonly meter: SendMeter;
  /** Wall ms between two looks at the plan. */
  readonly tickMs: number;
  /** Hears of a herd that has left. */
  readonly onHerd?: (outcome: HerdOutcome) => void;
};

/**
 * What a worker that took over may have unanswered, in ms of plan, until it has caught up: with all buffers full, which
 * is what an open loop would do, a second kill would leave seconds of plan unknown.
 */
const catchUpMs = 500;

/** `producer` is made with `settle`, so it comes when it is there. */
export function createLoad(options: LoadOptions, producer: () => Producer): Load {
  const { plan, schedule, clock, acks, intents, meter } = options;
  const lanes = options.beginning.lanes.map(({ partition, walk, walkedTo }) => ({
    partition,
    walk,
    /** Event ms of sends that have no outcome yet. */
    onTheirWay: createNumberQueue(),
    settled: walk.position,
    walkedTo,
    /** Event ms up to which sends may leave, as the intents say. */
    coveredTo: walkedTo,
  }));
  type Lane = (typeof lanes)[number];
  const laneOf = new Map(lanes.map((lane) => [lane.partition, lane]));
  const counts = { ...options.beginning.counts, closing: 0 };
  const herd = createHerd(clock, options.onHerd ?? (() => undefined));
  const stretch = Math.max(1, Math.round(intentStretchMs * schedule.timeScale));
  const value = new Uint8Array(plan.encodedMaxBytes);
  const recordMaxBytes = plan.encodedMaxBytes + 255 + recordOverheadBytes;
  let endsAt = schedule.startAt + plan.options.loadMs;
  let catchingUp = counts.sends > 0;
  let closing = false;

  function append(partition: number, reading: PlannedReading): void {
    const end = plan.encode(reading, value, 0);
    const { idBytes, idStart, idEnd } = reading;
    producer().append(partition, idBytes, idStart, idEnd, value, 0, end);
  }

  function settle(partition: number, count: number, sentAtMs: number, result: SendResult): void {
    const now = clock.now();
    const lane = laneOf.get(partition)!;
    const from = lane.settled;
    lane.settled += count;
    const baseOffset = result.outcome === "acked" ? result.baseOffset : -1;
    const range = {
      atMs: now,
      partition,
      from,
      to: from + count,
      outcome: result.outcome,
      baseOffset,
    };
    if (closing) {
      acks.add({ ...range, closing });
      if (result.outcome === "acked") counts.closing += count;
      return;
    }
    acks.add(range);
    counts[result.outcome] += count;
    const ackedAtMs = result.outcome === "acked" ? now : Number.NaN;
    for (let left = count; left > 0; ) {
      const intended = intendedAtMs(schedule, lane.onTheirWay.first());
      const alike = lane.onTheirWay.takeRun(left);
      if (sentAtMs >= 0) meter.record(intended, sentAtMs, ackedAtMs, alike);
      left -= alike;
    }
  }

  /** Hands over what is due by `until`; false when a buffer was full first. */
  function pour(until: number): boolean {
    let whole = true;
    for (const lane of lanes) if (!pourLane(lane, until)) whole = false;
    producer().flush();
    return whole;
  }

  function pourLane(lane: Lane, until: number): boolean {
    const visit = (reading: PlannedReading, _copy: 0 | 1, sendAt: number): void => {
      lane.onTheirWay.push(sendAt);
      append(lane.partition, reading);
      counts.sends += 1;
    };
    while (lane.walkedTo < until) {
      const room = Math.floor(producer().room(lane.partition) / recordMaxBytes);
      if (room < 1 || (catchingUp && unansweredMs(lane) > catchUpMs)) return false;
      if (lane.coveredTo === lane.walkedTo) cover(lane);
      const to = Math.min(until, lane.coveredTo);
      if (lane.walk.advance(to, visit, room) < room) lane.walkedTo = to;
    }
    return true;
  }

  /** How much of the plan lies between the oldest send that has no outcome and the next; NaN: none has none. */
  function unansweredMs(lane: Lane): number {
    return (lane.walkedTo - lane.onTheirWay.first()) / schedule.timeScale;
  }

  function cover(lane: Lane): void {
    const untilEventMs = Math.min(lane.walkedTo + stretch, endsAt);
    intents.add({ partition: lane.partition, untilEventMs });
    lane.coveredTo = untilEventMs;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const tick = tickEvery(clock, options.tickMs);
    while (!signal.aborted && lanes.some((lane) => lane.walkedTo < endsAt)) {
      if (herd.isHeld(counts.sends)) {
        await tick();
        continue;
      }
      // Event times are whole: what is due by now has `sendAt` < the next whole millisecond.
      const due = Math.floor(eventAtMs(schedule, clock.now())) + 1;
      const whole = pour(Math.min(due, endsAt));
      if (whole) {
        catchingUp = false;
        herd.poured(counts.sends);
      }
      if (whole && due >= endsAt) break;
      await tick();
    }
    await producer().idle();
  }

  async function close(): Promise<number> {
    intents.add({ closing: true });
    closing = true;
    let planned = 0;
    for (const { partition } of lanes) {
      for (const reading of closingReadings(plan, partition, endsAt)) {
        while (producer().room(partition) < recordMaxBytes) {
          producer().flush();
          await clock.sleep(options.tickMs);
        }
        append(partition, reading);
        planned += 1;
      }
    }
    await producer().idle();
    return planned;
  }

  return {
    settle,
    get sentEventMs() {
      return Math.min(endsAt, ...lanes.map((lane) => lane.walkedTo));
    },
    get counts() {
      return { ...counts };
    },
    run,
    cut: (atEventMs) => {
      const planned = schedule.startAt + plan.options.loadMs;
      endsAt = Math.min(
        Math.max(Math.ceil(atEventMs), ...lanes.map((lane) => lane.coveredTo)),
        planned,
      );
    },
    hold: herd.hold,
    close,
  };
}

/** Sleeps to the next of moments `ms` apart, however long the work between took; those that are over are left out. */
function tickEvery(clock: Clock, ms: number): () => Promise<void> {
  let next = clock.monotonicMs();
  return async () => {
    const now = clock.monotonicMs();
    next = Math.max(next + ms, now);
    await clock.sleep(next - now);
  };
}
