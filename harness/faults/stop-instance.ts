/** `stop`: SIGTERM to one of several instances. It is over when others have gone on with its partitions. */
import { stageOf } from "../scenario/fault-target.ts";
import type { FaultPorts, GroupMember, Settling } from "./fault-ports.ts";
import { hasMoved, ofSlot, partitionsOf, progressOn, within } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

export async function stopInstance(target: string, ports: FaultPorts): Promise<Settling> {
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
  const gone = ofSlot(await ports.membersOf(target), target).map(({ id }) => id);
  const atMs = ports.sinceLoadMs();
  const askedMs = clock.monotonicMs();
  await instances.stop(target);
  const exit = instances.lastExit(target);
  const ended = `${target} ended by ${exit} after ${seconds(clock.monotonicMs() - askedMs)}`;
  const before = await progressOn(target, held, ports);
  return {
    async report() {
      let takers: readonly string[] = [];
      const wentOn = await within(ports, async () => {
        const now = ownersOf(target, held ?? [], gone, await ports.membersOf(target));
        if (takers.length === 0) takers = now;
        const served = takers.length > 0 || held === undefined;
        return hasMoved(before, await progressOn(target, held, ports), served);
      });
      const recoveredMs = wentOn ? clock.monotonicMs() - askedMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const effect = exit === undefined ? null : `${ended}; ${handedOver(held, takers)}`;
      return { kind: "stop", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/**
 * The instances that hold these partitions now, members that are gone left out: one that was started again under
 * the same name counts. None unless every partition has an owner.
 */
export function ownersOf(
  target: string,
  partitions: readonly number[],
  gone: readonly string[],
  members: readonly GroupMember[],
): readonly string[] {
  const others = members.filter(({ id }) => !gone.includes(id));
  const owners = partitions.map((one) => others.find((member) => member.partitions.includes(one)));
  if (owners.includes(undefined)) return [];
  const slots = owners.flatMap((owner) => (owner === undefined ? [] : [owner.slot]));
  return [...new Set(slots)].sort((a, b) => a - b).map((slot) => `${stageOf(target)}-${slot}`);
}

export function handedOver(held: readonly number[] | undefined, takers: readonly string[]): string {
  if (held === undefined) return "it held no partitions";
  const partitions = `its ${count(held.length, "partition")}`;
  return takers.length === 0
    ? `nobody took ${partitions}`
    : `${takers.join(" and ")} took ${partitions}`;
}
