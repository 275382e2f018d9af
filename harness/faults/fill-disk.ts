/**
 * `disk-full`: Elasticsearch believes that its disk is fuller than its flood-stage watermark and makes every index
 * read-only but for deletion; a new index gets no place at all. The block comes when it next looks at its disk, half a
 * minute later at most, and holds for the time of the step. It has recovered when the job has gone on with each of its
 * partitions.
 */
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved, within } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

/** Its disk is looked at every 30 s unless it is told otherwise, and every 10 s from the next look on. */
const blockedWithinMs = 45_000;

export async function fillDisk(
  { target, forMs }: { readonly target: string; readonly forMs: number },
  ports: FaultPorts,
): Promise<Settling> {
  const { indices, clock, signal } = ports;
  const job = workOf(target);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  let blocked = 0;
  let blockedMs = 0;
  let before: StageProgress;
  try {
    await indices.fillDisk();
    const came = await within(
      ports,
      async () => (await indices.blockedByDisk()) > 0,
      blockedWithinMs,
    );
    blockedMs = sinceMs();
    if (came) await clock.sleep(forMs, signal);
    blocked = await indices.blockedByDisk();
    before = await progressOn(job, undefined, ports);
  } finally {
    await indices.emptyDisk();
  }
  const lastedMs = sinceMs();
  return {
    async report() {
      const moved = await untilMoved(job, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const them = blocked === 1 ? "1 index" : `${blocked} indices`;
      const wentOn = moved ? "went on" : "did not go on";
      const full = `Elasticsearch took its disk for full after ${seconds(blockedMs)} and made ${them} read-only`;
      const held = `for ${seconds(lastedMs - blockedMs)}; ${job} ${wentOn} afterwards`;
      const effect = blocked > 0 ? `${full} ${held}` : null;
      return { kind: "disk-full", target, atMs, untilMs: atMs + lastedMs, effect, recoveredMs };
    },
  };
}
