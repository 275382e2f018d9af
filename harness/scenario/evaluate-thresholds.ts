/** Compares what was measured with what the scenario demands. Pure; knows nothing of verdicts. */
import type { Threshold, ThresholdOperator } from "./thresholds.ts";

/** A latency: percentiles in milliseconds over `count` samples. */
type MeasuredLatency = {
  readonly count: number;
  readonly max: number;
  readonly percentile: (percentile: number) => number;
};

/** By metric; one that is absent was not measured. */
export type Measurements = ReadonlyMap<string, number | MeasuredLatency>;

export type ThresholdResult = {
  readonly metric: string;
  readonly limit: string;
  /** In the metric's unit; null: not measured, which no threshold survives. */
  readonly value: number | null;
  readonly ok: boolean;
};

export function evaluateThresholds(
  thresholds: readonly Threshold[],
  measured: Measurements,
): readonly ThresholdResult[] {
  return thresholds.map((threshold) => {
    const { metric, limit, operator, bound } = threshold;
    const value = measuredFor(threshold, measured.get(metric));
    return { metric, limit, value, ok: value !== null && holds(value, operator, bound) };
  });
}

function measuredFor(
  { of }: Threshold,
  measured: number | MeasuredLatency | undefined,
): number | null {
  if (measured === undefined) return null;
  if (typeof measured === "number") return Number.isFinite(measured) ? measured : null;
  if (of === "count") return measured.count;
  if (measured.count === 0) return null;
  if (of === "max" || of === "value") return measured.max;
  return measured.percentile(of.percentile);
}

function holds(value: number, operator: ThresholdOperator, bound: number): boolean {
  switch (operator) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "==":
      return value === bound;
    case "!=":
      return value !== bound;
  }
}
