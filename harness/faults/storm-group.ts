/**
 * `rebalance`: a stranger joins the group of a stage, and leaves it, turn by turn. Each time all members must give
 * their partitions up, and some are given to one who does nothing with them. It has recovered when each partition has
 * gone on after the last leave.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { progressOn, untilMoved } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

export async function stormGroup(
  step: { readonly target: string; readonly everyMs: number; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { target, everyMs, forMs } = step;
  const { clock, signal } = ports;
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  const generations: number[] = [];
  let most = 0;
  {
    await using stranger = ports.openStranger(target);
    for (let turn = 0; turn * everyMs < forMs && sinceMs() < forMs; turn++) {
      if (turn % 2 === 0) {
        const { partitions, generation } = await stranger.join();
        generations.push(generation);
        most = Math.max(most, partitions);
      } else {
        await stranger.leave();
      }
      await clock.sleep(Math.max(1, (turn + 1) * everyMs - sinceMs()), signal);
    }
  }
  const lastedMs = sinceMs();
  const before = await progressOn(target, undefined, ports);
  return {
    async report() {
      const moved = await untilMoved(target, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const joined = `a stranger joined its group ${count(generations.length, "time")} in ${seconds(lastedMs)} and left again`;
      const seen = `generations ${generations.at(0)} to ${generations.at(-1)} were seen`;
      const given = `it was given up to ${count(most, "partition")}`;
      const effect = most > 0 ? `${joined}; ${seen}, ${given}` : null;
      return { kind: "rebalance", target, atMs, untilMs: atMs + lastedMs, effect, recoveredMs };
    },
  };
}
