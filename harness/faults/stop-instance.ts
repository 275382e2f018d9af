/** `stop`: SIGTERM to one of several instances. It is over when others have gone on with its partitions. */
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import type { FaultPorts, GroupMember, Settling } from "./fault-ports.ts";
import { hasMoved, partitionsOf, progressOn, within } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

export async function stopInstance(target: string, ports: FaultPorts): Promise<Settling> {
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
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
        takers = ownersOf(held ?? [], await ports.membersOf(target), target);
        if (takers.length === 0 && held !== undefined) return false;
        return hasMoved(before, await progressOn(target, held, ports), true);
      });
      const recoveredMs = wentOn ? clock.monotonicMs() - askedMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const effect = exit === undefined ? null : `${ended}; ${handedOver(held, takers)}`;
      return { kind: "stop", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/** The instances that hold these partitions; none unless every one of them has an owner again. */
export function ownersOf(
  partitions: readonly number[],
  members: readonly GroupMember[],
  target: string,
): readonly string[] {
  const others = members.filter(({ slot }) => slot !== slotOf(target));
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
