/** The times to recovery of a run as thresholds ask for them: over all faults, and by stage. */
import { fewTimes, type Measurements } from "../scenario/evaluate-thresholds.ts";
import { workOf } from "../scenario/fault-target.ts";
import type { FaultReport } from "./fault-report.ts";

/** `recoveredMs`, `recoveredMs.aggregator`, …; what never recovered took for ever. */
export function recoveryTimes(faults: readonly FaultReport[]): Measurements {
  const byStage = Map.groupBy(faults, ({ target }) => `recoveredMs.${workOf(target)}`);
  const all: [string, readonly FaultReport[]][] =
    faults.length > 0 ? [["recoveredMs", faults]] : [];
  return new Map(
    [...all, ...byStage].map(([metric, reports]) => {
      const times = reports.map(({ recoveredMs }) => recoveredMs ?? Number.POSITIVE_INFINITY);
      return [metric, fewTimes(times)];
    }),
  );
}
