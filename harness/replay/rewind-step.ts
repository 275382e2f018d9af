/**
 * The replay `rewind`, as operators do it: the persisting jobs are stopped by REST, forget their offsets, are resumed,
 * and read `temperatures.aggregated` from its first offset again. No process ends. What the stores showed while the
 * jobs stood still must be there afterwards, and the stores themselves must have counted the writes: a replay whose
 * writes never arrived would prove nothing.
 */
import type { ReplayRecord } from "../facts/run-record.ts";
import { evidenceBetween, type StoreEvidence } from "../observe/store-evidence.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { NumberedStep } from "./numbered-steps.ts";
import { cutOffsets, type ReplayedLog, replayRecord } from "./replay-record.ts";

type ByStore<T> = ReadonlyMap<StoreName, T>;

export type RewindPorts = {
  readonly stores: readonly StoreName[];
  /** Resolves when no task of the job is left. */
  readonly stop: (store: StoreName) => Promise<void>;
  readonly resume: (store: StoreName) => Promise<void>;
  readonly log: (store: StoreName) => Promise<ReplayedLog>;
  /** The stopped job forgets its offsets. */
  readonly rewind: (store: StoreName) => Promise<void>;
  readonly evidence: () => Promise<ByStore<StoreEvidence>>;
  readonly scan: () => Promise<ByStore<StoreScan>>;
};

export type BegunRewind = {
  readonly before: ByStore<StoreScan>;
  readonly logs: ByStore<ReplayedLog>;
  readonly evidence: ByStore<StoreEvidence>;
};

/** `known`: what the stores show, where nothing has been written since it was read. The jobs go on in any case. */
export async function beginRewind(
  ports: RewindPorts,
  known?: ByStore<StoreScan>,
): Promise<BegunRewind> {
  const { stores } = ports;
  try {
    await Promise.all(stores.map(ports.stop));
    const before = known ?? (await ports.scan());
    const logs = await readLogs(ports);
    const evidence = await ports.evidence();
    await Promise.all(stores.map(ports.rewind));
    return { before, logs, evidence };
  } finally {
    await Promise.all(stores.map(ports.resume));
  }
}

/**
 * To be called when the jobs have come to the end again. `after`: what the stores show then; `recordsIn`: how
 * many records a log holds.
 */
export async function endRewind(
  { before, logs, evidence }: BegunRewind,
  ports: Pick<RewindPorts, "stores" | "log" | "evidence">,
  found: {
    readonly step: NumberedStep;
    readonly after: ByStore<StoreScan>;
    readonly recordsIn: (log: ReplayedLog) => number;
  },
): Promise<readonly ReplayRecord[]> {
  const counts = await ports.evidence();
  const logsNow = await readLogs(ports);
  return ports.stores.flatMap((store): ReplayRecord[] => {
    const [was, is] = [before.get(store), found.after.get(store)];
    const [counted, counting] = [evidence.get(store), counts.get(store)];
    const [log, logNow] = [logs.get(store), logsNow.get(store)];
    // What could not be read is told by whoever read it; there is nothing to compare.
    if (!was || !is || !counted || !counting || !log || !logNow) return [];
    return [
      replayRecord({
        step: found.step,
        store,
        records: found.recordsIn({ start: logNow.start, upTo: log.upTo }),
        cut: cutOffsets(logNow),
        writes: evidenceBetween(counted, counting).writes,
        before: was,
        after: is,
        as: found.step.atMs === undefined ? "same" : "grown",
      }),
    ];
  });
}

async function readLogs({
  stores,
  log,
}: Pick<RewindPorts, "stores" | "log">): Promise<ByStore<ReplayedLog>> {
  return new Map(
    await Promise.all(stores.map(async (store) => [store, await log(store)] as const)),
  );
}
