/** The metrics that a threshold can name, and what kind of figure each is. */

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
  ["latencyMs.visible.elasticsearch", "latency"],
  ["latencyMs.visible.cassandra", "latency"],
  ["readings.planned", "count"],
  ["readings.acked", "count"],
  ["readings.failed", "count"],
  ["readings.unknown", "count"],
  ["readings.rejectedUnplanned", "count"],
  ["aggregates.published", "count"],
]);
