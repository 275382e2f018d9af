import { expect, test } from "vitest";
import { evaluateThresholds } from "../../../harness/scenario/evaluate-thresholds.ts";
import { parseThreshold, type Threshold } from "../../../harness/scenario/thresholds.ts";

function threshold(metric: string, limit: string): Threshold {
  const parsed = parseThreshold(metric, limit);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.threshold;
}

test.each([
  ["sendLagMs", "p(99)<20", { percentile: 99 }, "<", 20],
  ["sendLagMs", " p(99.9) <= 20ms ", { percentile: 99.9 }, "<=", 20],
  ["latencyMs.publish", "max<1.5s", "max", "<", 1_500],
  ["latencyMs.visible.cassandra", "p(50)<1m", { percentile: 50 }, "<", 60_000],
  ["latencyMs.aggregate", "count>0", "count", ">", 0],
  ["latencyMs.aggregate", "med<5", { percentile: 50 }, "<", 5],
  ["heldRate", ">=99%", "value", ">=", 0.99],
  ["heldRate", "rate>0.5", "value", ">", 0.5],
  ["readings.unknown", "==0", "value", "==", 0],
  ["readings.failed", "!=1", "value", "!=", 1],
])("%s %s is understood", (metric, limit, of, operator, bound) => {
  expect(threshold(metric, limit)).toMatchObject({ metric, limit, of, operator, bound });
});

test.each([
  ["heldrate", ">=99%", "no such metric; did you mean heldRate?"],
  ["heldRate", ">=99", "99 would be 9900%: did you mean 99%?"],
  ["heldRate", ">=99ms", '"ms" is no unit of a share: write ">=99%"'],
  ["heldRate", "p(99)>0.9", 'is one figure, it has no percentiles: write ">=99%"'],
  ["heldRate", "max>0.9", '"max" cannot be asked of it: write ">=99%"'],
  ["sendLagMs", "<20", 'is a distribution, say what of it: "p(99)<20", "max<5s" or "count>0"'],
  ["sendLagMs", "p(99)<20%", '"%" is no unit of a latency: write ms, s or m'],
  ["sendLagMs", "p(101)<20", '"p(101)" lies outside 0 to 100'],
  ["sendLagMs", "p()<20", '"p()" lies outside 0 to 100'],
  ["sendLagMs", "avg<20", 'an average hides what matters: write "p(50)" or "p(99)"'],
  ["sendLagMs", "count>1s", '"s" is no unit of a count: write a plain number'],
  ["readings.failed", "<1%", '"%" is no unit of a count: write a plain number'],
  [
    "sendLagMs",
    "p(99)<20; exit()",
    '"p(99)<20; exit()" is no threshold: write "p(99)<20", "max<5s" or "count>0"',
  ],
])("%s %s is refused before the run", (metric, limit, fault) => {
  expect(parseThreshold(metric, limit)).toEqual({ ok: false, fault });
});

const latency = { count: 3, max: 40, percentile: (at: number) => at / 10 };

test.each([
  ["sendLagMs", "p(99)<9.9", 9.9, false],
  ["sendLagMs", "p(99)<=9.9", 9.9, true],
  ["sendLagMs", "max>40", 40, false],
  ["sendLagMs", "count==3", 3, true],
  ["heldRate", ">=99%", 0.995, true],
  ["readings.failed", "!=0", 0, false],
])("%s %s compares with what was measured", (metric, limit, value, ok) => {
  const measured = new Map<string, number | typeof latency>([
    ["sendLagMs", latency],
    ["heldRate", 0.995],
    ["readings.failed", 0],
  ]);
  expect(evaluateThresholds([threshold(metric, limit)], measured)).toEqual([
    { metric, limit, value, ok },
  ]);
});

test("a latency of which one never ended meets no threshold on it", () => {
  const never = {
    count: 2,
    max: Number.POSITIVE_INFINITY,
    percentile: (at: number) => (at > 50 ? Number.POSITIVE_INFINITY : 900),
  };
  const wanted = ["max<15s", "max>1s", "p(99)<15s", "p(50)<15s", "count==2"];
  const results = evaluateThresholds(
    wanted.map((limit) => threshold("recoveredMs.aggregator", limit)),
    new Map([["recoveredMs.aggregator", never]]),
  );
  expect(results.map(({ value, ok }) => [value, ok])).toEqual([
    [null, false],
    [null, false],
    [null, false],
    [900, true],
    [2, true],
  ]);
});

test("what was not measured meets no threshold, however it is written", () => {
  const empty = { count: 0, max: 0, percentile: () => 0 };
  const measured = new Map([["latencyMs.publish", empty]]);
  const wanted = [
    threshold("sendLagMs", "p(99)<20"),
    threshold("latencyMs.publish", "max<1s"),
    threshold("heldRate", ">=0%"),
  ];
  for (const result of evaluateThresholds(wanted, measured)) {
    expect(result).toMatchObject({ value: null, ok: false });
  }
  const count = evaluateThresholds([threshold("latencyMs.publish", "count>0")], measured);
  expect(count).toMatchObject([{ value: 0, ok: false }]);
});
