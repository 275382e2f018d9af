/**
 * The sends of a partition in the plan's order without their bytes: the load up to the cut, then the closing readings.
 * A third of the time that `expected-sends.ts` needs, for what is asked once and after the run.
 */
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan } from "../../simulator/plan.ts";

/** `position` counts the partition's sends from 0. */
export type PlainSend = {
  readonly position: number;
  readonly device: number;
  readonly index: number;
  readonly copy: number;
};

/** Between two questions whether to go on. */
const stretch = 65_536;

/** Visits each send before `cutAt` (event ms) until `isEnough` or there are no more. */
export function visitSends(
  plan: Plan,
  partition: number,
  cutAt: number,
  visit: (position: number, device: number, index: number, copy: number) => void,
  isEnough: () => boolean = () => false,
): void {
  const walk = createPartitionWalk(plan, partition);
  const { startAt, loadMs } = plan.options;
  const until = Math.min(cutAt, startAt + loadMs);
  let visited = stretch;
  while (visited === stretch && !isEnough()) {
    visited = walk.advance(
      until,
      (reading, copy, _sendAt, position) => visit(position, reading.device, reading.index, copy),
      stretch,
    );
  }
  if (isEnough()) return;
  for (const [nth, { device, index }] of closingReadings(plan, partition, until).entries()) {
    visit(walk.position + nth, device, index, 0);
  }
}
