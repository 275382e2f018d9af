/** What is recorded of one replay into one store. Pure. */

import type { ReplayRecord } from "../facts/run-record.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import { compareStates } from "./compare-states.ts";
import type { NumberedStep } from "./numbered-steps.ts";

export type StoreReplay = {
  readonly step: Pick<NumberedStep, "mode" | "step">;
  readonly store: StoreName;
  readonly records: number;
  readonly cut: number;
  readonly writes: number;
  /** Fewer writes would not prove that all arrived; left out: the rows of before, which were all written again. */
  readonly writesLeast?: number;
  readonly before: StoreScan;
  readonly after: StoreScan;
  readonly as: "same" | "grown";
  readonly wiped?: ReplayRecord["wiped"];
};

/** Every row of the last state was written again since, so that the store must have counted its writes. */
export function replayRecord(replay: StoreReplay): ReplayRecord {
  const { step, store, records, cut, writes, before, after, as, wiped } = replay;
  const { digestBefore, digestAfter, changed } = compareStates(before, after, as);
  const growth = as === "grown" ? Math.max(0, after.leastWrites - before.leastWrites) : 0;
  const ofAll = before.leastWrites + growth;
  const ofReplayed = replay.writesLeast ?? before.leastWrites;
  return {
    mode: step.mode,
    step: step.step,
    store,
    records,
    rowsBefore: before.count,
    ...(cut === 0 ? {} : { cut }),
    writesSeen: writes,
    writesLeast: Math.min(ofAll, ofReplayed + growth),
    digestBefore,
    digestAfter,
    ...(changed.length === 0 ? {} : { changed }),
    ...(wiped === undefined ? {} : { wiped }),
  };
}
