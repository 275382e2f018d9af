/**
 * `kill`: SIGKILL of a process of the run, started again at once. The effect is the exit that was seen; it has
 * recovered when each partition that it held has gone on from where it stood.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { partitionsOf, standstill, untilMoved } from "./stage-recovery.ts";

export async function killInstance(target: string, ports: FaultPorts): Promise<Settling> {
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
  const atMs = ports.sinceLoadMs();
  const killedMs = clock.monotonicMs();
  await instances.kill(target);
  const exit = instances.lastExit(target);
  const [before, up] = await Promise.all([
    standstill(target, held, ports),
    instances.restart(target),
  ]);
  const again = up ? "started again" : "and did not come up again";
  const effect = exit?.includes("SIGKILL") ? `${target} ended by ${exit}, ${again}` : null;
  return {
    async report() {
      const recovered = up && (await untilMoved(target, before, ports));
      const recoveredMs = recovered ? clock.monotonicMs() - killedMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      return { kind: "kill", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}
