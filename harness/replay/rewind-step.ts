/**
 * The replay `rewind`: the persisting jobs are stopped, forget their offsets, and read `temperatures.aggregated` from
 * its first offset again. The state of the stores must be the same afterwards, and the stores themselves must
 * have counted the writes: a replay whose writes never arrived would prove nothing.
 */
import type { ReplayRecord } from "../facts/run-record.ts";
import { evidenceBetween, type StoreEvidence } from "../observe/store-evidence.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";

type ReplayJob = { readonly store: StoreName; readonly process: string };

export type RewindPorts = {
  readonly jobs: readonly ReplayJob[];
  readonly stop: (process: string) => Promise<void>;
  readonly rewind: (store: StoreName) => Promise<void>;
  readonly restart: (process: string) => Promise<unknown>;
  /** Until the jobs are at the end again; whether they got there. */
  readonly drain: () => Promise<boolean>;
  readonly evidence: () => Promise<ReadonlyMap<StoreName, StoreEvidence>>;
  readonly scan: () => Promise<ReadonlyMap<StoreName, StoreScan>>;
  /** Records of `temperatures.aggregated` that lie before each job now. */
  readonly records: number;
};

export type RewindOutcome = {
  readonly records: readonly ReplayRecord[];
  readonly drained: boolean;
};

/** `before`: the scans that were judged. */
export async function rewindStep(
  before: ReadonlyMap<StoreName, StoreScan>,
  ports: RewindPorts,
): Promise<RewindOutcome> {
  const { jobs } = ports;
  await Promise.all(jobs.map(({ process }) => ports.stop(process)));
  const evidenceBefore = await ports.evidence();
  await Promise.all(jobs.map(({ store }) => ports.rewind(store)));
  await Promise.all(jobs.map(({ process }) => ports.restart(process)));
  const drained = await ports.drain();
  const evidenceAfter = await ports.evidence();
  const after = await ports.scan();
  const records = jobs.flatMap(({ store }): ReplayRecord[] => {
    const [was, is] = [before.get(store), after.get(store)];
    const [counted, counts] = [evidenceBefore.get(store), evidenceAfter.get(store)];
    // What could not be read is told by whoever read it; there is nothing to compare.
    if (!was || !is || !counted || !counts) return [];
    const { writes } = evidenceBetween(counted, counts);
    return [
      {
        mode: "rewind at-rest",
        store,
        records: ports.records,
        writesSeen: writes,
        writesLeast: was.leastWrites,
        digestBefore: was.digest,
        digestAfter: is.digest,
      },
    ];
  });
  return { records, drained };
}
