/** What is recorded of one replay into one store. Pure. */

import type { aggregatedSpec } from "../facts/aggregated-rows.ts";
import type { ReplayRecord } from "../facts/run-record.ts";
import type { Table } from "../facts/table.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import { compareStates } from "./compare-states.ts";
import type { NumberedStep } from "./numbered-steps.ts";

/** What a replay finds of `temperatures.aggregated`, by partition. */
export type ReplayedLog = {
  /** First offset that the log still holds. */
  readonly start: readonly bigint[];
  /** The end that readers find: what lies below is read again. */
  readonly upTo: readonly bigint[];
};

export type StoreReplay = {
  readonly step: Pick<NumberedStep, "mode" | "step">;
  readonly store: StoreName;
  readonly records: number;
  readonly cut: number;
  readonly writes: number;
  readonly before: StoreScan;
  readonly after: StoreScan;
  readonly as: "same" | "grown";
};

/** Every row of the last state was written again since, so that the store must have counted its writes. */
export function replayRecord(replay: StoreReplay): ReplayRecord {
  const { step, store, records, cut, writes, before, after, as } = replay;
  const { digestBefore, digestAfter, changed } = compareStates(before, after, as);
  return {
    mode: step.mode,
    step: step.step,
    store,
    records,
    ...(cut === 0 ? {} : { cut }),
    writesSeen: writes,
    writesLeast: Math.max(before.leastWrites, as === "grown" ? after.leastWrites : 0),
    digestBefore,
    digestAfter,
    ...(changed.length === 0 ? {} : { changed }),
  };
}

/** Records of the topic that a replay finds in its log. */
export function recordsIn(table: Table<typeof aggregatedSpec>, log: ReplayedLog): number {
  const { partition, offset } = table.columns;
  const [starts, ends] = [log.start.map(Number), log.upTo.map(Number)];
  let records = 0;
  for (let row = 0; row < table.length; row++) {
    const [of, at] = [partition[row]!, offset[row]!];
    if (at >= (starts[of] ?? 0) && at < (ends[of] ?? 0)) records++;
  }
  return records;
}

/** Offsets that are gone from the beginnings of the partitions; markers of transactions are among them. */
export function cutOffsets({ start }: ReplayedLog): number {
  return start.reduce((sum, first) => sum + Number(first), 0);
}
