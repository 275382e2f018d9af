/** When the work that a fault interrupted goes on: partition by partition, so that others' work hides nothing. */
import { slotOf } from "../scenario/fault-target.ts";
import type { FaultPorts, GroupMember, StageProgress } from "./fault-ports.ts";

const pollMs = 100;
/** A rebalance, a session and a transaction time-out may have to pass one after the other. */
export const recoverWithinMs = 90_000;
/** A transaction that was ending at the fault is over within this time, then nothing moves the offsets any more. */
const settleMs = 200;
const readingsMost = 10;

/** The partitions that the group has given to the target; undefined: it does not tell, or there is no group. */
export async function partitionsOf(
  target: string,
  ports: Pick<FaultPorts, "membersOf">,
): Promise<readonly number[] | undefined> {
  const mine = ofSlot(await ports.membersOf(target), target).flatMap((one) => one.partitions);
  return mine.length > 0 ? mine : undefined;
}

export function ofSlot(members: readonly GroupMember[], target: string): readonly GroupMember[] {
  return members.filter(({ slot }) => slot === slotOf(target));
}

/** Of these partitions, or of all. */
export async function progressOn(
  target: string,
  partitions: readonly number[] | undefined,
  ports: Pick<FaultPorts, "progressOf">,
): Promise<StageProgress> {
  const all = await ports.progressOf(target);
  if (partitions === undefined) return all;
  return new Map([...all].filter(([partition]) => partitions.includes(partition)));
}

/** Where the work stands once nobody does it any more: two readings that agree. */
export async function standstill(
  target: string,
  partitions: readonly number[] | undefined,
  ports: FaultPorts,
): Promise<StageProgress> {
  let before = await progressOn(target, partitions, ports);
  for (let reading = 1; reading < readingsMost; reading++) {
    await ports.clock.sleep(settleMs, ports.signal);
    const now = await progressOn(target, partitions, ports);
    const still = [...now].every(([partition, { done }]) => before.get(partition)?.done === done);
    before = now;
    if (still) break;
  }
  return before;
}

/** Each of its partitions has gone on from where it stood; one with nothing left to do may stand. */
export function hasMoved(before: StageProgress, now: StageProgress, idleCounts: boolean): boolean {
  return [...before].every(([partition, was]) => {
    const is = now.get(partition);
    return is !== undefined && (is.done > was.done || (idleCounts && is.idle));
  });
}

/** Polls until `holds`; whether it did in time, and while there was hope. Errors: those of `holds`. */
export async function within(
  ports: FaultPorts,
  holds: () => boolean | Promise<boolean>,
  withinMs = recoverWithinMs,
): Promise<boolean> {
  const deadlineMs = ports.clock.monotonicMs() + withinMs;
  for (;;) {
    if (await holds()) return true;
    if (ports.hopeless() || ports.clock.monotonicMs() > deadlineMs) return false;
    await ports.clock.sleep(pollMs, ports.signal);
  }
}

/** Until somebody has gone on with the target's partitions. The instances that could are ready by now. */
export function untilMoved(
  target: string,
  before: StageProgress,
  ports: FaultPorts,
): Promise<boolean> {
  const partitions = [...before.keys()];
  return within(ports, async () =>
    hasMoved(before, await progressOn(target, partitions, ports), true),
  );
}
