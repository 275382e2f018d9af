/**
 * `disk-full`: Elasticsearch believes that its disk is fuller than its flood-stage watermark and makes every index
 * read-only but for deletion; a new index gets no place at all. The block comes when it next looks at its disk, half a
 * minute later at most, and holds for the time of the step. It has recovered when the job has gone on with each of its
 * partitions.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { playLasting } from "./lasting-fault.ts";
import { within } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

/** Its disk is looked at every 30 s unless it is told otherwise, and every 10 s from the next look on. */
const blockedWithinMs = 45_000;

export function fillDisk(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { indices, clock, signal } = ports;
  const isBlocked = async (): Promise<boolean> => (await indices.blockedByDisk()) > 0;
  return playLasting({ kind: "disk-full", target }, ports, {
    async disturb(sinceMs) {
      await indices.fillDisk();
      const came = await within(ports, isBlocked, blockedWithinMs);
      const blockedMs = sinceMs();
      if (came) await clock.sleep(forMs, signal);
      return { blockedMs, blocked: await indices.blockedByDisk() };
    },
    heal: indices.emptyDisk,
    effect({ blocked, blockedMs }, { stage, moved, lastedMs }) {
      if (blocked === 0) return null;
      const them = blocked === 1 ? "1 index" : `${blocked} indices`;
      const wentOn = moved ? "went on" : "did not go on";
      const full = `Elasticsearch took its disk for full after ${seconds(blockedMs)} and made ${them} read-only`;
      return `${full} for ${seconds(lastedMs - blockedMs)}; ${stage} ${wentOn} afterwards`;
    },
  });
}
