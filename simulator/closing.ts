/**
 * The readings that end a run: reserved devices of each partition move its stream time, by ordinary steps, past
 * everything that was measured, so that every window of the load closes without a clock. The pipeline cannot tell
 * them from other readings, and their own windows are judged like others.
 */
import { emptyPlannedReading, type Plan, type PlannedReading } from "./plan.ts";

/**
 * In the order in which they are sent. `cutAt`: whole event ms at which the load ended or was cut. After the last round
 * stream time is at or past the end of the last window of any `at` < `cutAt`, plus the longer of grace and retention.
 */
export function closingReadings(
  plan: Plan,
  partition: number,
  cutAt: number,
): readonly PlannedReading[] {
  const { sizeMs, graceMs, retentionMs, aheadMs, quorum } = plan.options.window;
  const lastWindowEnd = (Math.floor((cutAt - 1) / sizeMs) + 1) * sizeMs;
  const closedAt = lastWindowEnd + Math.max(graceMs, retentionMs);
  // Half of `ahead`, so that no step is from the future although the load ran a little behind its last `at`.
  const step = Math.max(1, Math.min(sizeMs, Math.floor(aheadMs / 2)));
  const readings: PlannedReading[] = [];
  const rounds = Math.ceil((closedAt - cutAt) / step);
  for (let round = 0; round <= rounds; round++) {
    const at = Math.min(cutAt + round * step, closedAt);
    // Stream time is the quorum's lowest `at`, so each round needs all of them.
    for (let k = 0; k < quorum; k++) {
      const reading = emptyPlannedReading();
      plan.fillAt(plan.fleetDevices + partition * quorum + k, round, at, reading);
      readings.push(reading);
    }
  }
  return readings;
}
