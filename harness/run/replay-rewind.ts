/** Plays the scenario's `rewind` with the parts of a run: which processes, which groups, which stores. */
import { connectGroup } from "../../pipeline/contract/names.ts";
import type { ReplayRecord } from "../facts/run-record.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import { rewindGroup } from "../replay/rewind.ts";
import { rewindStep } from "../replay/rewind-step.ts";
import type { StoreName } from "../scenario/scenario.ts";
import { drainStages } from "./drain-stages.ts";
import type { Groups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import type { ProcessSlots } from "./process-slots.ts";
import type { RunContext } from "./run-context.ts";
import { evidenceOfStores, scanStores } from "./stores.ts";
import type { Troubles } from "./troubles.ts";

export type ReplayParts = {
  readonly groups: Groups;
  readonly slots: ProcessSlots;
  /** The scans that are judged. */
  readonly scans: ReadonlyMap<StoreName, StoreScan>;
  /** Records in `temperatures.aggregated`. */
  readonly records: number;
  readonly status: LiveStatus;
};

/** Jobs that do not come to the end again are a trouble: then nobody knows what the replay did. */
export async function replayRewind(
  context: RunContext,
  troubles: Troubles,
  parts: ReplayParts,
): Promise<readonly ReplayRecord[]> {
  const { jobs, names, stack, scenario, clock, signal } = context;
  const { groups, slots, scans, records, status } = parts;
  const stores = jobs.map(({ store }) => store);
  const { records: replayed, drained } = await rewindStep(scans, {
    jobs: stores.map((store) => ({ store, process: `job-${store}-0` })),
    records,
    stop: slots.stop,
    restart: slots.restart,
    rewind: (store) =>
      rewindGroup({
        bootstrap: stack.kafka.bootstrap,
        group: connectGroup(jobs.find((job) => job.store === store)!.name),
        topic: names.topics.aggregated,
        partitions: scenario.topics.partitions,
        clock,
        signal,
      }),
    drain: async () => {
      const outcome = await drainStages(context, groups, status, {
        somethingDied: () => troubles.sentences.length > 0,
        stages: stores,
      });
      return outcome.kind === "drained";
    },
    evidence: () => evidenceOfStores(context),
    scan: () => scanStores(context, troubles, (rows) => status.stage("rows read", { total: rows })),
  });
  if (!drained) troubles.note("the replay: the jobs did not come to the end of the topic again");
  return replayed;
}
