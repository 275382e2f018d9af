/** The metrics that a threshold can name, and what kind of figure each is. */
import { storeNames } from "./scenario.ts";

const ofStores = (prefix: string): readonly (readonly [string, "latency"])[] =>
  storeNames.map((store) => [`${prefix}${store}`, "latency"]);

/**
 * `share`: 0..1, one value. `count`: one number. `latency`: a distribution in milliseconds, of
 * which a threshold takes a percentile, the maximum or the number of samples.
 */
export type MetricKind = "share" | "count" | "latency";

export const thresholdMetrics: ReadonlyMap<string, MetricKind> = new Map([
  ["heldRate", "share"],
  ["sendLagMs", "latency"],
  ["latencyMs.publish", "latency"],
  ["latencyMs.aggregate", "latency"],
  ...ofStores("latencyMs.visible."),
  // Until it is given by its id, which is before a search finds it.
  ["latencyMs.byId.elasticsearch", "latency"],
  ["readings.planned", "count"],
  ["readings.acked", "count"],
  ["readings.failed", "count"],
  ["readings.unknown", "count"],
  ["readings.rejectedUnplanned", "count"],
  ["aggregates.published", "count"],
  // Over the faults of the run: from the fault until its stage had moved on.
  ["recoveredMs", "latency"],
  ["recoveredMs.aggregator", "latency"],
  ["recoveredMs.simulator", "latency"],
  ...ofStores("recoveredMs.job-"),
  // Over the window boundaries of the run: from the boundary until the stage's backlog was empty again.
  ["absorbedMs.aggregator", "latency"],
  ...ofStores("absorbedMs."),
]);

/** The store without whose job a metric is never measured, if there is one. */
export function storeOfMetric(metric: string): string | undefined {
  return storeNames.find(
    (store) => metric.endsWith(`.${store}`) || metric.endsWith(`.job-${store}`),
  );
}
