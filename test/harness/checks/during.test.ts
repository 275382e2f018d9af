import { expect, test } from "vitest";
import { createDuring } from "../../../harness/checks/during.ts";
import type { Finding } from "../../../harness/checks/finding.ts";
import type { FaultRecord } from "../../../harness/facts/run-record.ts";
import { emptyPlannedReading } from "../../../simulator/plan.ts";
import { factsOf, honestHistory, options, plan } from "./history.ts";

const facts = factsOf(honestHistory);
/** Ten event seconds pass in one. */
const timeScale = 10;
const fault = (atMs: number, untilMs: number | null, more: Partial<FaultRecord> = {}) => ({
  ...{ kind: "kill", target: "aggregator-0", effect: "it died", mayFailSends: false },
  ...{ atMs, untilMs, recoveredMs: untilMs === null ? null : untilMs - atMs },
  ...more,
});
const during = (faults: readonly FaultRecord[], finding: Finding) =>
  createDuring({ plan, record: { ...facts.record, timeScale, faults } })(finding).during;

const reading = emptyPlannedReading();
plan.fill(3, 30, reading);
const sentMs = (reading.sendAt - options.startAt) / timeScale;
const lost: Finding = { class: "lost-write", device: plan.deviceId(3), boot: 0, seq: 30 };
const window: Finding = {
  class: "lost-write",
  window: options.startAt + 240_000,
  store: "cassandra",
};
/** From its first reading to the moment at which it is written. */
const [opensMs, closesMs] = [24_000, 31_000];

test("a reading bears the fault that was on when it was sent", () => {
  expect(during([fault(sentMs - 100, sentMs + 100)], lost)).toBe(
    `kill aggregator-0 at ${Math.round((sentMs - 100) / 1_000)} s`,
  );
  expect(during([fault(sentMs + 1, sentMs + 100)], lost)).toBeUndefined();
  expect(during([fault(sentMs - 100, sentMs - 1)], lost)).toBeUndefined();
});

test("a window bears those that were on from its first reading until it was written", () => {
  const faults = [
    fault(opensMs - 9_000, opensMs - 5_000),
    fault(opensMs - 1_000, opensMs + 1, { kind: "pause" }),
    fault(closesMs + 1_000, closesMs + 1_500, { kind: "rebalance", target: "aggregator" }),
    fault(closesMs + 3_000, null),
  ];
  expect(during(faults, window)).toBe("pause aggregator-0 at 23 s, rebalance aggregator at 32 s");
});

test("a fault lasts until the work went on, and one that never ended to the end", () => {
  const paused = fault(1_000, 2_000, { recoveredMs: opensMs });
  expect(during([paused], window)).toBe("kill aggregator-0 at 1 s");
  expect(during([fault(1_000, null)], window)).toBe("kill aggregator-0 at 1 s");
});

test("three are named; a finding that says it itself, or has no time, is left alone", () => {
  const five = [1, 2, 3, 4, 5].map((at) => fault(opensMs + at * 1_000, opensMs + 6_000));
  expect(during(five, window)).toMatch(/25 s, kill .* 26 s, kill .* 27 s, 2 more$/);
  expect(during(five, { ...window, during: "rewind 20s" })).toBe("rewind 20s");
  expect(during(five, { class: "silent-drop", partition: 1, offset: 9 })).toBeUndefined();
});

test("a fault without a trace, and a folder that kept no times, explain nothing", () => {
  const { untilMs: _, recoveredMs: __, ...older } = fault(opensMs, opensMs + 100);
  expect(during([older], window)).toBeUndefined();
  expect(during([fault(opensMs, opensMs + 100, { effect: null })], window)).toBeUndefined();
  const { record } = facts;
  const faults = [fault(opensMs, opensMs + 100)];
  expect(createDuring({ plan, record: { ...record, faults } })(window).during).toBeUndefined();
});

test("a replay under load is on from its time until all is drained, and named once for all stores", () => {
  const replays = ["elasticsearch", "cassandra"].map((store) => ({
    ...{ mode: "rewind 25s", step: 0, store, atMs: closesMs - 100, records: 9 },
    ...{ writesSeen: 9, writesLeast: 9, digestBefore: "d", digestAfter: "d" },
  }));
  const of = (atMs: number) =>
    createDuring({
      plan,
      record: {
        ...{ ...facts.record, timeScale },
        replays: replays.map((replay) => ({ ...replay, atMs })),
      },
    })(window).during;
  expect(of(closesMs - 100)).toBe("replay rewind 25s");
  expect(of(closesMs + 9_000)).toBeUndefined();
});

test("the first and the last millisecond of a fault and of a reading's time count", () => {
  expect(during([fault(sentMs, sentMs + 5)], lost)).toBeDefined();
  expect(during([fault(sentMs - 5, sentMs)], lost)).toBeDefined();
  expect(during([fault(closesMs + 2_000, closesMs + 2_001)], window)).toBeDefined();
  expect(during([fault(closesMs + 2_001, closesMs + 2_002)], window)).toBeUndefined();
});

test("what never ended lasts until its target went on; what ended later lasts until it ended", () => {
  const recovered = fault(1_000, null, { recoveredMs: 500 });
  expect(during([recovered], window)).toBeUndefined();
  const longer = fault(1_000, opensMs, { recoveredMs: 500 });
  expect(during([longer], window)).toBe("kill aggregator-0 at 1 s");
});

test("three disturbances are named without a word of more", () => {
  const three = [1, 2, 3].map((at) => fault(opensMs + at * 1_000, opensMs + 6_000));
  expect(during(three, window)).toMatch(/27 s$/);
});

test("a reading is found by its device, its first index and the zeroth device, too", () => {
  const all = [fault(0, null)];
  for (const [device, seq] of [
    [0, 0],
    [0, 30],
    [3, 0],
  ] as const) {
    expect(during(all, { class: "lost-write", device: plan.deviceId(device), seq })).toBeDefined();
  }
  plan.fill(0, 0, reading);
  const at = (reading.sendAt - options.startAt) / timeScale;
  const first: Finding = { class: "lost-write", device: plan.deviceId(0), seq: 0 };
  expect(during([fault(at, at)], first)).toBeDefined();
});

test("a reading that comes twice bears the fault of either time", () => {
  const doubled = Array.from({ length: plan.readingsOf(3) }, (_, index) => index).find((index) => {
    plan.fill(3, index, reading);
    return reading.duplicateAt > reading.sendAt;
  })!;
  plan.fill(3, doubled, reading);
  const finding: Finding = { class: "duplicate", device: plan.deviceId(3), seq: doubled };
  for (const at of [reading.sendAt, reading.duplicateAt]) {
    const atMs = (at - options.startAt) / timeScale;
    expect(during([fault(atMs, atMs)], finding)).toBeDefined();
  }
});

test("what is no reading of the plan has no time of its own", () => {
  const all = [fault(0, null)];
  const strangers: readonly Omit<Finding, "class">[] = [
    { seq: 30 },
    { device: plan.deviceId(3) },
    { device: "nobody", seq: 30 },
    { device: plan.deviceId(plan.fleetDevices), seq: 0 },
    { device: plan.deviceId(3), boot: 1, seq: 0 },
    { device: plan.deviceId(3), seq: plan.readingsOf(3) },
  ];
  for (const each of strangers) {
    expect(during(all, { class: "phantom", ...each })).toBeUndefined();
  }
});

test("a replay at rest, which has no time, is on at no time", () => {
  const [replay] = facts.record.replays;
  const record = { ...facts.record, timeScale, replays: [replay!] };
  expect(createDuring({ plan, record })(window).during).toBeUndefined();
});
