/**
 * All sends of a partition in their one order: (sendAt, device, index, copy), whatever the steps in which the walk is
 * advanced. The worker walks it to send, the audit walks it beside the log. Memory: the sends that wait, not the plan.
 * Hot path.
 */
import { fateIndex } from "./fates.ts";
import { emptyPlannedReading, type Plan, type PlannedReading } from "./plan.ts";
import { createSendQueue } from "./send-queue.ts";
import { turnsOf } from "./turns.ts";

/** `reading` is one object, filled anew for each visit. `copy` 1 is the duplicate. */
type VisitSend = (reading: PlannedReading, copy: 0 | 1, sendAt: number, position: number) => void;

export type PartitionWalk = {
  /** Sends visited so far: the position of the next one. */
  readonly position: number;
  /**
   * Visits every send with `sendAt` < `untilEventMs` that was not visited yet, at most `atMost`, and none past the
   * end of the load. Returns how many: fewer than `atMost` means that there are no more before `untilEventMs`.
   */
  readonly advance: (untilEventMs: number, visit: VisitSend, atMost?: number) => number;
};

export function createPartitionWalk(plan: Plan, partition: number): PartitionWalk {
  const { everyMs, startAt, loadMs } = plan.options;
  const { devices, offsets, indexAt } = turnsOf(plan, partition);
  const endAt = startAt + loadMs;
  const waiting = createSendQueue();
  const reading = emptyPlannedReading();
  let position = 0;
  /** The next reading in the order in which they are due: that of `devices[turn]` in this round. */
  let turn = 0;
  let round = 0;
  let nextAt = atOfTurn();

  function atOfTurn(): number {
    if (devices.length === 0) return Number.POSITIVE_INFINITY;
    return startAt + offsets[turn]! + round * everyMs;
  }

  function toNextTurn(): void {
    turn += 1;
    if (turn === devices.length) {
      turn = 0;
      round += 1;
    }
    nextAt = atOfTurn();
  }

  function advance(untilEventMs: number, visit: VisitSend, atMost = Infinity): number {
    const until = Math.min(untilEventMs, endAt);
    const first = position;
    while (position - first < atMost) {
      const device = nextAt < until ? devices[turn]! : -1;
      const index = indexAt(turn, round);
      if (device < 0 || waiting.isBefore(nextAt, device, index, 0)) {
        if (waiting.size === 0 || waiting.sendAt() >= until) break;
        visitWaiting(visit);
        continue;
      }
      plan.fill(device, index, reading, nextAt);
      toNextTurn();
      if (reading.fate === fateIndex.missing) continue;
      if (reading.duplicateAt >= 0) wait(reading.duplicateAt, 1);
      if (reading.sendAt === reading.at) visit(reading, 0, reading.sendAt, position++);
      else wait(reading.sendAt, 0);
    }
    return position - first;
  }

  /** What would leave past the end of the load is not planned. */
  function wait(sendAt: number, copy: 0 | 1): void {
    if (sendAt < endAt) waiting.push(sendAt, reading.device, reading.index, copy);
  }

  function visitWaiting(visit: VisitSend): void {
    const [sendAt, copy] = [waiting.sendAt(), waiting.copy()];
    plan.fill(waiting.device(), waiting.index(), reading);
    waiting.drop();
    visit(reading, copy, sendAt, position++);
  }

  return {
    get position() {
      return position;
    },
    advance,
  };
}
