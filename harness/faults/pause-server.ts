/**
 * `pause` of a server: SIGSTOP of all its processes. Whoever talks to it waits until its own time-out; nothing is
 * refused, so nobody knows what became of the requests under way. It has recovered when the job that fills it has gone
 * on with each of its partitions.
 */
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

export async function pauseServer(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { servers, clock, signal } = ports;
  const job = workOf(target);
  const atMs = ports.sinceLoadMs();
  const stoppedMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - stoppedMs;
  let seen = false;
  let before: StageProgress;
  try {
    seen = await servers.suspend(target);
    await clock.sleep(Math.max(1, forMs - sinceMs()), signal);
    before = await progressOn(job, undefined, ports);
  } finally {
    servers.resume(target);
  }
  const pausedMs = sinceMs();
  return {
    async report() {
      const moved = await untilMoved(job, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const wentOn = moved
        ? `${job} went on ${seconds(sinceMs() - pausedMs)} after SIGCONT`
        : `${job} did not go on after SIGCONT`;
      const effect = seen
        ? `${target} stood still for ${seconds(pausedMs)} (SIGSTOP); ${wentOn}`
        : null;
      return { kind: "pause", target, atMs, untilMs: atMs + pausedMs, effect, recoveredMs };
    },
  };
}
