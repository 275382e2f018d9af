/** Compares what was measured with what the scenario demands. Pure; knows nothing of verdicts. */
import type { Threshold, ThresholdOperator } from "./thresholds.ts";

/** A latency: percentiles in milliseconds over `count` samples; `Infinity`: that one never ended. */
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

/** A few single times in milliseconds as such a latency; `Infinity` stands for what never happened. */
export function fewTimes(ms: readonly number[]): MeasuredLatency {
  const times = ms.toSorted((a, b) => a - b);
  return {
    count: times.length,
    max: times.at(-1) ?? Number.NaN,
    // Nearest rank: a time that was measured, never one in between.
    percentile: (at) => times[Math.max(0, Math.ceil((at / 100) * times.length) - 1)] ?? Number.NaN,
  };
}

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
  const value = of === "max" || of === "value" ? measured.max : measured.percentile(of.percentile);
  // What never came to pass has no length: it is missed, whichever way the threshold looks.
  return Number.isFinite(value) ? value : null;
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
