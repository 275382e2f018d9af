/**
 * The replay `new-store`: a new job for each store reads `temperatures.aggregated` from its first offset into an index
 * and a table of its own, beside the old jobs. What they show in the end must equal what the old ones show, row by
 * row: this is why there is one job a store.
 */
import type { ReplayRecord } from "../facts/run-record.ts";
import { evidenceBetween, type StoreEvidence } from "../observe/store-evidence.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { NumberedStep } from "./numbered-steps.ts";
import { replayRecord } from "./replay-record.ts";
import { cutOffsets, type LogCount, type ReplayedLog } from "./replayed-log.ts";

type ByStore<T> = ReadonlyMap<StoreName, T>;

export type NewStorePorts = {
  readonly stores: readonly StoreName[];
  /** Starts the new job of this store; resolves when it is ready. */
  readonly start: (store: StoreName) => Promise<void>;
  readonly stop: (store: StoreName) => Promise<void>;
  readonly log: (store: StoreName) => Promise<ReplayedLog>;
  /** Of the new index and the new table. */
  readonly evidence: () => Promise<ByStore<StoreEvidence>>;
  readonly scan: () => Promise<ByStore<StoreScan>>;
};

export type BegunNewStore = { readonly evidence: ByStore<StoreEvidence> };

export async function beginNewStore(ports: NewStorePorts): Promise<BegunNewStore> {
  const evidence = await ports.evidence();
  await Promise.all(ports.stores.map(ports.start));
  return { evidence };
}

/**
 * To be called when the new jobs have come to the end, too; stops them. `old`: what the old stores show then;
 * `count`: of what is on file of
 * the topic.
 */
export async function endNewStore(
  { evidence }: BegunNewStore,
  ports: NewStorePorts,
  found: {
    readonly step: NumberedStep;
    readonly old: ByStore<StoreScan>;
    readonly count: LogCount;
  },
): Promise<readonly ReplayRecord[]> {
  const { stores } = ports;
  const logs = new Map(
    await Promise.all(stores.map(async (store) => [store, await ports.log(store)] as const)),
  );
  await Promise.all(stores.map(ports.stop));
  const counts = await ports.evidence();
  const fresh = await ports.scan();
  return stores.flatMap((store): ReplayRecord[] => {
    const [before, after, log] = [found.old.get(store), fresh.get(store), logs.get(store)];
    const [counted, counting] = [evidence.get(store), counts.get(store)];
    // What could not be read is told by whoever read it; there is nothing to compare.
    if (!before || !after || !log || !counted || !counting) return [];
    return [
      replayRecord({
        step: found.step,
        store,
        records: found.count.records(log),
        cut: cutOffsets(log),
        writes: evidenceBetween(counted, counting).writes,
        before,
        after,
        as: "same",
      }),
    ];
  });
}
