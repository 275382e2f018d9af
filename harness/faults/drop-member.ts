/**
 * `drop-member`: the group throws the members of one process out, though it lives. What it was about to commit is
 * refused; it must give up what it held, and join anew. It has recovered when each of its partitions has gone on.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { ofSlot, partitionsOf, progressOn, untilMoved, within } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

export async function dropMember(target: string, ports: FaultPorts): Promise<Settling> {
  const { clock } = ports;
  const held = await partitionsOf(target, ports);
  const ids = ofSlot(await ports.membersOf(target), target).map(({ id }) => id);
  const before = await progressOn(target, held, ports);
  const atMs = ports.sinceLoadMs();
  const droppedMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - droppedMs;
  if (ids.length > 0) await ports.dropMembers(target, ids);
  return {
    async report() {
      const rejoined =
        ids.length > 0 &&
        (await within(ports, async () => {
          const anew = ofSlot(await ports.membersOf(target), target);
          return anew.length >= ids.length && anew.every(({ id }) => !ids.includes(id));
        }));
      const tookMs = sinceMs();
      const moved = rejoined && (await untilMoved(target, before, ports));
      const recoveredMs = moved ? sinceMs() : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const dropped = `its group threw ${count(ids.length, "member")} of ${target} out`;
      const effect = rejoined ? `${dropped}; joined anew after ${seconds(tookMs)}` : null;
      return { kind: "drop-member", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}
