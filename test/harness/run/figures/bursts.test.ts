import { expect, test } from "vitest";
import { absorptionTimes } from "../../../../harness/run/figures/absorption-times.ts";
import { createBurstMeter } from "../../../../harness/run/figures/bursts.ts";
import { evaluateThresholds } from "../../../../harness/scenario/evaluate-thresholds.ts";
import { parseThreshold } from "../../../../harness/scenario/thresholds.ts";

/** Windows of 100 s that close 10 s after their ends; the load began at 1,000,000. */
const timeline = {
  originMs: 1_000_000,
  windows: [0, 100_000],
  couldCloseAt: (window: number): number => 1_000_000 + window + 110_000,
};
const closes = timeline.windows.map(timeline.couldCloseAt);
const endedAtMs = 1_300_000;

type Looks = Readonly<
  Record<string, readonly (readonly [atMs: number, total: number, lag: number])[]>
>;

function burstsOf(looks: Looks, until = endedAtMs) {
  const meter = createBurstMeter(() => timeline, ["elasticsearch"]);
  for (const [name, seen] of Object.entries(looks)) {
    for (const [atMs, total, lag] of seen) {
      meter.see({ kind: "stage", name, reading: { total, lag }, atMs });
    }
  }
  return meter.bursts(until);
}

const [one, two] = closes as [number, number];
const quick = {
  aggregator: [
    [one - 500, 900, 50],
    [one + 700, 900, 300],
    [one + 1_700, 1_000, 320],
    [one + 2_700, 1_250, 90],
    [one + 99_900, 9_000, 0],
    [two + 1_000, 9_000, 400],
    [two + 3_000, 9_500, 10],
  ],
  elasticsearch: [
    [one - 500, 0, 0],
    [one + 700, 0, 0],
    [one + 2_710, 0, 0],
    [one + 3_710, 0, 1_000],
    [one + 40_000, 999, 30],
    [one + 41_000, 1_020, 9],
    [two + 3_900, 1_100, 1_000],
    [two + 50_000, 2_099, 60],
  ],
} as const satisfies Looks;

test("a burst is absorbed when what was there is done, whatever has come since", () => {
  const [first] = burstsOf(quick);
  expect(first).toEqual({
    window: 0,
    closesAtMs: 110_000,
    // The aggregator is done at 1,250 of the 1,200 readings; the store at 1,020 of the 1,000 aggregates.
    absorbedMs: { aggregator: 2_700, elasticsearch: 41_000 },
  });
});

test("a stage that never gets there is not said to have absorbed the burst", () => {
  const second = burstsOf(quick)[1];
  expect(second).toMatchObject({ window: 100_000, absorbedMs: { aggregator: 3_000 } });
  expect(second!.absorbedMs["elasticsearch"]).toBeNull();
});

test("the last burst of a load may be absorbed while the pipeline drains", () => {
  const drained = [...quick.elasticsearch, [endedAtMs + 9_000, 2_200, 5_000]] as const;
  const second = burstsOf({ ...quick, elasticsearch: drained })[1];
  expect(second!.absorbedMs["elasticsearch"]).toBe(endedAtMs + 9_000 - two);
});

test("nor one that the next boundary overtakes", () => {
  const slow = {
    ...quick,
    elasticsearch: [...quick.elasticsearch].filter(([at]) => at !== one + 41_000),
  };
  expect(burstsOf(slow)[0]!.absorbedMs).toEqual({ aggregator: 2_700, elasticsearch: null });
});

test("a store is not held against a boundary that the aggregator has not got over", () => {
  const stuck = { ...quick, aggregator: quick.aggregator.slice(0, 3) };
  expect(burstsOf(stuck)[0]!.absorbedMs).toEqual({ aggregator: null, elasticsearch: null });
});

test("only windows that closed within the load are told, and none before the load has begun", () => {
  expect(burstsOf(quick, two).map(({ window }) => window)).toEqual([0]);
  expect(burstsOf(quick, one)).toEqual([]);
  const meter = createBurstMeter(() => undefined, []);
  meter.see({ kind: "stage", name: "aggregator", reading: { total: 1, lag: 1 }, atMs: one });
  expect(meter.bursts(endedAtMs)).toEqual([]);
});

test("stages without a backlog of their own, and other events, are passed over", () => {
  const meter = createBurstMeter(() => timeline, []);
  meter.see({ kind: "stage", name: "fleet", reading: { total: 5 }, atMs: one + 1_000 });
  meter.see({ kind: "fault", active: "kill aggregator-0", atMs: one + 1_000 });
  expect(meter.bursts(endedAtMs).map(({ absorbedMs }) => absorbedMs)).toEqual([
    { aggregator: null },
    { aggregator: null },
  ]);
});

test("thresholds hear of the slowest burst, and one that was not absorbed took for ever", () => {
  const times = absorptionTimes([
    { window: 0, closesAtMs: 1, absorbedMs: { aggregator: 3_000, elasticsearch: 40_000 } },
    { window: 1, closesAtMs: 2, absorbedMs: { aggregator: 2_000, elasticsearch: null } },
  ]);
  const stages = ["aggregator", "elasticsearch", "cassandra"];
  const measured = stages.map((stage) => {
    const parsed = parseThreshold(`absorbedMs.${stage}`, "max<60s");
    return parsed.ok ? evaluateThresholds([parsed.threshold], times)[0] : parsed;
  });
  expect(measured).toMatchObject([
    { value: 3_000, ok: true },
    { value: null, ok: false },
    { value: null, ok: false },
  ]);
});
