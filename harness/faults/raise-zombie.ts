/**
 * `zombie`: a second producer opens the transactional id of a process that works. The process is fenced in the midst of a
 * transaction and must begin again at its last commit, under the id that it takes back; after that the second one is the
 * zombie, and what it writes must be refused. It has recovered when each of its partitions has gone on.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { partitionsOf, standstill, untilMoved } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

export async function raiseZombie(
  { target }: { readonly target: string },
  ports: FaultPorts,
): Promise<Settling> {
  const { clock } = ports;
  const held = await partitionsOf(target, ports);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  const zombie = await ports.openZombie(target);
  const before = await standstill(target, held, ports);
  return {
    async report() {
      await using second = zombie;
      const moved = await untilMoved(target, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const opened = `a second producer opened the transactional id of ${target}`;
      const refusal = moved ? await second.write() : undefined;
      const then = moved
        ? `${target} took it back and went on within ${seconds(recoveredMs ?? 0)}`
        : `${target} did not go on`;
      const fenced =
        refusal === undefined
          ? "the second one was not fenced"
          : `the second one was fenced: ${refusal}`;
      const effect = moved && refusal === undefined ? null : `${opened}; ${then}; ${fenced}`;
      return { kind: "zombie", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}
