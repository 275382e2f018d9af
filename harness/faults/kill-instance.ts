/**
 * `kill`: SIGKILL of a process of the run, wherever it is or at one of its crash points, started again at once. The
 * effect is the exit that was seen; it has recovered when each partition that it held has gone on from where it stood.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { partitionsOf, standstill, untilMoved } from "./stage-recovery.ts";

export async function killInstance(
  target: string,
  ports: FaultPorts,
  point?: string,
): Promise<Settling> {
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
  const askedAtMs = ports.sinceLoadMs();
  if (point === undefined) await instances.kill(target);
  else if (!(await instances.crash(target, point))) return notThere(target, askedAtMs, ports);
  const atMs = point === undefined ? askedAtMs : ports.sinceLoadMs();
  const killedMs = clock.monotonicMs();
  const exit = instances.lastExit(target);
  const [before, up] = await Promise.all([
    standstill(target, held, ports),
    instances.restart(target),
  ]);
  const again = up ? "started again" : "and did not come up again";
  const where = point === undefined ? "" : ` at ${point}`;
  const effect = exit?.includes("SIGKILL") ? `${target} ended by ${exit}${where}, ${again}` : null;
  return {
    async report() {
      const recovered = up && (await untilMoved(target, before, ports));
      const recoveredMs = recovered ? clock.monotonicMs() - killedMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      return { kind: "kill", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/** It did not come by the point. One that was killed to be started at it needs its start all the same. */
async function notThere(target: string, atMs: number, ports: FaultPorts): Promise<Settling> {
  if (!ports.instances.isRunning(target)) await ports.instances.restart(target);
  const nothing = { untilMs: null, effect: null, recoveredMs: null };
  return { report: async () => ({ kind: "kill", target, atMs, ...nothing }) };
}
