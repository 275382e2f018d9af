/**
 * `herd`: all workers hold their sends back for so long, and then let them go at once: devices that reconnect and flush
 * their buffers. It is over when nothing is overdue any more; what the pipeline makes of the burst, the drain shows.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { seconds } from "./start-instance.ts";

export async function herdFleet(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { clock } = ports;
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const outcomes = await ports.herd(forMs);
  const recoveredMs = clock.monotonicMs() - beganMs;
  const sends = outcomes.reduce((sum, outcome) => sum + outcome.sends, 0);
  const heldMs = Math.max(0, ...outcomes.map((outcome) => outcome.heldMs));
  const tookMs = Math.max(1, ...outcomes.map((outcome) => outcome.tookMs));
  const times = ((heldMs + tookMs) / tookMs).toFixed(0);
  const effect =
    `${sends} sends were held back for ${seconds(heldMs)} and left within ${seconds(tookMs)}, ` +
    `${times} times as fast as planned`;
  const told = sends > 0 ? effect : null;
  const report = { kind: "herd", target, atMs, untilMs: atMs + recoveredMs, recoveredMs } as const;
  return { report: async () => ({ ...report, effect: told }) };
}
