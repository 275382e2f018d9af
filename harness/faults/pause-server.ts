/**
 * `pause` of a server: SIGSTOP of all its processes. Whoever talks to it waits until its own time-out; nothing is
 * refused, so nobody knows what became of the requests under way. It has recovered when every stage that works with it
 * has gone on with each of its partitions.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { allMoved, type ProgressByStage, progressOfAll, stagesAt } from "./server-stages.ts";
import { seconds } from "./start-instance.ts";

export async function pauseServer(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { servers, clock, signal } = ports;
  const stages = stagesAt(target, ports);
  const work = stages.join(", ");
  // Kafka itself tells how far the stages are: with Kafka nobody is asked before it goes on.
  const isSilent = target === "kafka";
  const atMs = ports.sinceLoadMs();
  const stoppedMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - stoppedMs;
  let seen = false;
  let stood: ProgressByStage | undefined;
  try {
    seen = await servers.suspend(target);
    await clock.sleep(Math.max(1, forMs - sinceMs()), signal);
    if (!isSilent) stood = await progressOfAll(stages, ports);
  } finally {
    servers.resume(target);
  }
  const pausedMs = sinceMs();
  const before = stood ?? (await progressOfAll(stages, ports));
  return {
    async report() {
      const moved = await allMoved(before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const wentOn = moved
        ? `${work} went on ${seconds(sinceMs() - pausedMs)} after SIGCONT`
        : `${work} did not go on after SIGCONT`;
      const effect = seen
        ? `${target} stood still for ${seconds(pausedMs)} (SIGSTOP); ${wentOn}`
        : null;
      return { kind: "pause", target, atMs, untilMs: atMs + pausedMs, effect, recoveredMs };
    },
  };
}
