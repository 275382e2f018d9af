/**
 * `read-only`: the run's indices refuse every write, as Elasticsearch itself has them do when its disk fills up: a
 * bulk request is answered with 200, and each item in it with 403. An index that comes up meanwhile is closed to
 * writes within half a second. It has recovered when the job has gone on with each of its partitions.
 */
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

const againEveryMs = 500;

export async function makeReadOnly(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { indices, clock, signal } = ports;
  const job = workOf(target);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  let closed = 0;
  let before: StageProgress;
  try {
    while (sinceMs() < forMs) {
      closed = Math.max(closed, await indices.refuseWrites());
      await clock.sleep(Math.max(1, Math.min(againEveryMs, forMs - sinceMs())), signal);
    }
    before = await progressOn(job, undefined, ports);
  } finally {
    await indices.allowWrites();
  }
  const lastedMs = sinceMs();
  return {
    async report() {
      const moved = await untilMoved(job, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const them = closed === 1 ? "1 index" : `${closed} indices`;
      const wentOn = moved ? "went on" : "did not go on";
      // Where there was no index yet, nothing was refused.
      const effect =
        closed > 0
          ? `${them} refused every write for ${seconds(lastedMs)}; ${job} ${wentOn} afterwards`
          : null;
      return { kind: "read-only", target, atMs, untilMs: atMs + lastedMs, effect, recoveredMs };
    },
  };
}
