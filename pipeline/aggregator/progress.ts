/** What the job has committed since it started, for logs, metrics and tests. */
import { type RejectionReason, rejectionReasons } from "../contract/rejection.ts";
import { type Counts, emptyCounts } from "./partition-state.ts";

/** Per raw offset: folded + duplicate + rejected. Rolled-back work is not in it. */
export type Progress = {
  readonly commits: number;
  readonly folded: number;
  readonly duplicate: number;
  readonly rejected: Readonly<Record<RejectionReason, number>>;
  readonly emitted: number;
  readonly checkpoints: number;
  /** Times that the state was rebuilt after an error. */
  readonly recoveries: number;
};

export type ProgressMeter = {
  readonly add: (committed: readonly Counts[]) => Progress;
  readonly recovered: () => void;
  readonly now: () => Progress;
};

export function createProgressMeter(): ProgressMeter {
  const total = emptyCounts();
  let commits = 0;
  let recoveries = 0;
  const now = (): Progress => ({
    ...total,
    rejected: { ...total.rejected },
    commits,
    recoveries,
  });
  return {
    add: (committed) => {
      commits++;
      for (const counts of committed) {
        total.folded += counts.folded;
        total.duplicate += counts.duplicate;
        total.emitted += counts.emitted;
        total.checkpoints += counts.checkpoints;
        for (const reason of rejectionReasons) total.rejected[reason] += counts.rejected[reason];
      }
      return now();
    },
    recovered: () => {
      recoveries++;
    },
    now,
  };
}
