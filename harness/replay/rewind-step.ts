/**
 * The replay `rewind`, as operators do it: the persisting jobs are stopped by REST, forget their offsets (or are told
 * others), are resumed, and read `temperatures.aggregated` again. What the stores showed while the jobs stood still must
 * be there afterwards, and the stores themselves must have counted the writes: a replay whose writes never arrived
 * would prove nothing. `rebuild` is a rewind of one store that is emptied in between.
 */
import type { ReplayRecord } from "../facts/run-record.ts";
import { evidenceBetween, type StoreEvidence } from "../observe/store-evidence.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { NumberedStep } from "./numbered-steps.ts";
import { refuseCut } from "./refuse-cut.ts";
import { replayRecord } from "./replay-record.ts";
import { cutOffsets, type LogCount, type ReplayedLog } from "./replayed-log.ts";

type ByStore<T> = ReadonlyMap<StoreName, T>;

export type RewindPorts = {
  readonly stores: readonly StoreName[];
  /** Resolves when no task of the job is left. */
  readonly stop: (store: StoreName) => Promise<void>;
  readonly resume: (store: StoreName) => Promise<void>;
  /** What the job is to read again. */
  readonly log: (store: StoreName) => Promise<ReplayedLog>;
  /** The stopped job forgets its offsets, or goes on where the log says. */
  readonly rewind: (store: StoreName, log: ReplayedLog) => Promise<void>;
  /** Empties the store. Absent: nothing is taken from it. */
  readonly wipe?: (store: StoreName) => Promise<void>;
  /** Wall time, epoch milliseconds. */
  readonly now: () => number;
  readonly evidence: () => Promise<ByStore<StoreEvidence>>;
  readonly scan: () => Promise<ByStore<StoreScan>>;
};

export type BegunRewind = {
  readonly before: ByStore<StoreScan>;
  readonly logs: ByStore<ReplayedLog>;
  readonly evidence: ByStore<StoreEvidence>;
  /** When the stores were emptied; undefined: they were not. */
  readonly wipedAtMs: number | undefined;
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
    for (const [store, log] of ports.wipe === undefined ? [] : logs) {
      refuseCut(
        log,
        "the topic",
        `${store} could not be rebuilt from the rest, and was not emptied`,
      );
    }
    const wipedAtMs = ports.wipe === undefined ? undefined : ports.now();
    for (const store of stores) await ports.wipe?.(store);
    // Behind the wipe: what counts an index goes with it.
    const evidence = await ports.evidence();
    await Promise.all([...logs].map(([store, log]) => ports.rewind(store, log)));
    return { before, logs, evidence, wipedAtMs };
  } finally {
    await Promise.all(stores.map(ports.resume));
  }
}

/**
 * To be called when the jobs have come to the end again. `after`: what the stores show then; `count`: of what is on
 * file of the topic.
 */
export async function endRewind(
  { before, logs, evidence, wipedAtMs }: BegunRewind,
  ports: Pick<RewindPorts, "stores" | "log" | "evidence" | "now">,
  found: {
    readonly step: NumberedStep;
    readonly after: ByStore<StoreScan>;
    readonly count: LogCount;
  },
): Promise<readonly ReplayRecord[]> {
  const counts = await ports.evidence();
  const logsNow = await readLogs(ports);
  const wiped =
    wipedAtMs === undefined ? {} : { wiped: { fromMs: wipedAtMs, untilMs: ports.now() } };
  return ports.stores.flatMap((store): ReplayRecord[] => {
    const [was, is] = [before.get(store), found.after.get(store)];
    const [counted, counting] = [evidence.get(store), counts.get(store)];
    const [log, logNow] = [logs.get(store), logsNow.get(store)];
    // What could not be read is told by whoever read it; there is nothing to compare.
    if (!was || !is || !counted || !counting || !log || !logNow) return [];
    // What retention took away meanwhile is not there to be read either.
    const replayed = { ...log, start: logNow.start };
    const writesLeast = found.count.leastWrites(replayed, store);
    return [
      replayRecord({
        step: found.step,
        store,
        records: found.count.records(replayed),
        cut: cutOffsets(replayed),
        ...(writesLeast === undefined ? {} : { writesLeast }),
        ...wiped,
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
