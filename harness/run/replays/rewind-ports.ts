/** How the persisting jobs of a run are stopped, told where to go on, and resumed, and how their stores are looked at. */
import type { ReplayedLog } from "../../replay/replayed-log.ts";
import type { RewindPorts } from "../../replay/rewind-step.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { jobStage } from "../groups.ts";
import type { RunContext, RunJob } from "../run-context.ts";
import { scanStores } from "../store-scans.ts";
import { evidenceOfStores } from "../stores.ts";
import { type ReplayParts, replayedLog } from "./replay-parts.ts";

/** Of these jobs, all of whose topic is read again. */
export function rewindPorts(
  jobs: readonly RunJob[],
  context: RunContext,
  { groups, rest, status, troubles }: ReplayParts,
): RewindPorts {
  const { names, clock } = context;
  const { aggregated: topic } = names.topics;
  const concerned = { ...context, jobs };
  const jobOf = (store: StoreName): RunJob => jobs.find((job) => job.store === store)!;
  const progress = (rows: number): void => status.stage("rows read", { total: rows });
  return {
    stores: jobs.map(({ store }) => store),
    stop: (store) => rest.stop(jobOf(store).name),
    resume: (store) => rest.resume(jobOf(store).name),
    log: (store) => replayedLog(groups, jobStage(names, { stage: store, name: jobOf(store).name })),
    async rewind(store, { from }: ReplayedLog) {
      const { name } = jobOf(store);
      if (from === undefined) return rest.resetOffsets(name);
      const moved = from.flatMap((offset, partition) =>
        offset === undefined ? [] : [{ topic, partition, offset: Number(offset) }],
      );
      return rest.moveOffsets(name, moved);
    },
    now: () => clock.now(),
    evidence: () => evidenceOfStores(concerned),
    scan: () => scanStores(concerned, troubles, progress),
  };
}
