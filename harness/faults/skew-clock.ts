/**
 * `skew`: a process is started again with a clock that is ahead, as on a machine that lost its time server. Expiry and
 * retirement look at that clock; what is aggregated and stored must not. It stays ahead for the rest of the run.
 */
import { printDuration } from "../scenario/units.ts";
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { partitionsOf, progressOn, untilMoved } from "./stage-recovery.ts";

export async function skewClock(
  { target, byMs }: { readonly target: string; readonly byMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  await instances.stop(target);
  const before = await progressOn(target, held, ports);
  const up = await instances.startAhead(target, byMs);
  return {
    async report() {
      const moved = up && (await untilMoved(target, before, ports));
      const recoveredMs = moved ? clock.monotonicMs() - beganMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const wentOn = moved ? "went on" : "did not go on";
      const ahead = `${target} was started again with its clock ${printDuration(byMs)} ahead, and ${wentOn}`;
      return { kind: "skew", target, atMs, untilMs, effect: up ? ahead : null, recoveredMs };
    },
  };
}
