/**
 * `read-only`: the run's indices refuse every write, as Elasticsearch itself has them do when its disk fills up: a
 * bulk request is answered with 200, and each item in it with 403. An index that comes up meanwhile is closed to
 * writes within half a second. It has recovered when the job has gone on with each of its partitions.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { playLasting } from "./lasting-fault.ts";
import { seconds } from "./start-instance.ts";

const againEveryMs = 500;

export function makeReadOnly(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { indices, clock, signal } = ports;
  return playLasting({ kind: "read-only", target }, ports, {
    async disturb(sinceMs) {
      let closed = 0;
      while (sinceMs() < forMs) {
        closed = Math.max(closed, await indices.refuseWrites());
        await clock.sleep(Math.max(1, Math.min(againEveryMs, forMs - sinceMs())), signal);
      }
      return closed;
    },
    heal: indices.allowWrites,
    effect(closed, { stage, moved, lastedMs }) {
      // Where there was no index yet, nothing was refused.
      if (closed === 0) return null;
      const them = closed === 1 ? "1 index" : `${closed} indices`;
      const wentOn = moved ? "went on" : "did not go on";
      return `${them} refused every write for ${seconds(lastedMs)}; ${stage} ${wentOn} afterwards`;
    },
  });
}
