/** The times to absorb the bursts of a run as thresholds ask for them, by stage. */
import type { BurstSummary } from "../../report/summary-json.ts";
import { fewTimes, type Measurements } from "../../scenario/evaluate-thresholds.ts";

/** `absorbedMs.aggregator`, `absorbedMs.<store>`; what was not absorbed took for ever. No burst: not measured. */
export function absorptionTimes(bursts: readonly BurstSummary[]): Measurements {
  const stages = new Set(bursts.flatMap(({ absorbedMs }) => Object.keys(absorbedMs)));
  return new Map(
    [...stages].map((stage) => {
      const times = bursts.map(({ absorbedMs }) => absorbedMs[stage] ?? Number.POSITIVE_INFINITY);
      return [`absorbedMs.${stage}`, fewTimes(times)];
    }),
  );
}
