/**
 * Thresholds in k6's manner: `p(99)<20`, `max<5s`, `count>0`, `>=99%`. A small grammar of its own,
 * never `eval`; everything that can be wrong with one is said before the run, not after it.
 *
 *     expression = [ "p(" number ")" | "max" | "count" | "rate" ] operator number [ unit ]
 *     operator   = "<" | "<=" | ">" | ">=" | "==" | "!="
 *     unit       = "ms" | "s" | "m" | "%"
 */
import { nearestName } from "./nearest-name.ts";
import { type MetricKind, thresholdMetrics } from "./threshold-metrics.ts";

export type ThresholdOperator = "<" | "<=" | ">" | ">=" | "==" | "!=";

export type Threshold = {
  readonly metric: string;
  readonly kind: MetricKind;
  /** As the scenario wrote it: what the report prints. */
  readonly limit: string;
  /** `value` where the metric is one figure. */
  readonly of: "value" | "max" | "count" | { readonly percentile: number };
  readonly operator: ThresholdOperator;
  /** In the metric's own unit: milliseconds, a fraction, or a plain number. */
  readonly bound: number;
};

export type ParsedThreshold =
  | { readonly ok: true; readonly threshold: Threshold }
  | { readonly ok: false; readonly fault: string };

const expression =
  /^(?:(p)\(\s*([^)]*?)\s*\)|([a-z]+))?\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*([a-z%]*)$/i;

export function parseThreshold(metric: string, limit: string): ParsedThreshold {
  const kind = thresholdMetrics.get(metric);
  if (kind === undefined) return wrong(unknownMetric(metric));
  const match = expression.exec(limit.trim());
  if (match === null) return wrong(`"${limit}" is no threshold: write ${examples[kind]}`);
  const [, isPercentile, rank, word, operator, number, unit] = match;
  const of = readOf(kind, isPercentile === undefined ? word : undefined, rank);
  if (typeof of === "string" && of !== "value" && of !== "max" && of !== "count") return wrong(of);
  const bound = readBound(of === "count" ? "count" : kind, Number(number), unit ?? "");
  if (typeof bound === "string") return wrong(bound);
  const threshold = { metric, kind, limit, of, operator: operator as ThresholdOperator, bound };
  return { ok: true, threshold };
}

const examples = {
  share: '">=99%"',
  count: '"==0"',
  latency: '"p(99)<20", "max<5s" or "count>0"',
} as const satisfies Record<MetricKind, string>;

function wrong(fault: string): ParsedThreshold {
  return { ok: false, fault };
}

function unknownMetric(metric: string): string {
  const nearest = nearestName(metric, [...thresholdMetrics.keys()]);
  return nearest === undefined
    ? `no such metric; there are ${[...thresholdMetrics.keys()].join(", ")}`
    : `no such metric; did you mean ${nearest}?`;
}

/** What is compared, or the sentence that says why it cannot be. */
function readOf(
  kind: MetricKind,
  word: string | undefined,
  rank: string | undefined,
): Threshold["of"] | `${string} ${string}` {
  if (rank !== undefined) {
    const percentile = rank === "" ? Number.NaN : Number(rank);
    if (kind !== "latency") return `is one figure, it has no percentiles: write ${examples[kind]}`;
    if (!(percentile > 0 && percentile <= 100)) return `"p(${rank})" lies outside 0 to 100`;
    return { percentile };
  }
  if (kind !== "latency") {
    if (word === undefined || word === "value") return "value";
    if (word === "rate" && kind === "share") return "value";
    return `"${word}" cannot be asked of it: write ${examples[kind]}`;
  }
  if (word === "max" || word === "count") return word;
  if (word === "med") return { percentile: 50 };
  if (word === undefined) return `is a distribution, say what of it: ${examples.latency}`;
  if (word === "avg") return 'an average hides what matters: write "p(50)" or "p(99)"';
  return `"${word}" cannot be asked of it: write ${examples.latency}`;
}

/** The bound in the metric's own unit, or the sentence that says why it is none. */
function readBound(kind: MetricKind, number: number, unit: string): number | string {
  switch (kind) {
    case "share":
      if (unit === "%") return number / 100;
      if (unit !== "") return `"${unit}" is no unit of a share: write ${examples.share}`;
      return number <= 1 ? number : `${number} would be ${number * 100}%: did you mean ${number}%?`;
    case "count":
      return unit === "" ? number : `"${unit}" is no unit of a count: write a plain number`;
    case "latency": {
      const scale = { "": 1, ms: 1, s: 1_000, m: 60_000 }[unit];
      return scale === undefined
        ? `"${unit}" is no unit of a latency: write ms, s or m`
        : number * scale;
    }
  }
}
