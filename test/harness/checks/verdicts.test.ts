import { expect, test } from "vitest";
import { runCanary } from "../../../harness/checks/canary.ts";
import { judge } from "../../../harness/checks/judge.ts";
import type { Verdict } from "../../../harness/checks/verdict.ts";
import { worst } from "../../../harness/checks/verdict.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import type { ReplayRecord, RunRecord } from "../../../harness/facts/run-record.ts";
import { factsOf, honestHistory } from "./history.ts";

const facts = factsOf(honestHistory);
const withRecord = (record: Partial<RunRecord>): RunFacts => ({
  ...facts,
  record: { ...facts.record, ...record },
});
const fault = {
  kind: "kill",
  target: "aggregator",
  atMs: 5,
  untilMs: 9,
  recoveredMs: 4,
  effect: "it died",
  mayFailSends: false,
};
const replay: ReplayRecord = facts.record.replays[0]!;

test("the worst verdict wins, and none at all is UNKNOWN", () => {
  expect(worst([])).toBe("UNKNOWN");
  expect(worst(["PASS", "UNKNOWN"])).toBe("UNKNOWN");
  expect(worst(["INVALID", "UNKNOWN", "PASS"])).toBe("INVALID");
  expect(worst(["INVALID", "FAIL"])).toBe("FAIL");
});

test("each reason for which a run proves nothing, or is not decided, is a sentence and a verdict", () => {
  const cases: readonly [Verdict, string, Partial<RunRecord>][] = [
    ["PASS", "", { faults: [fault] }],
    ["INVALID", "less than 100000 prove nothing", { recordsMin: 100_000 }],
    ["INVALID", "behind its schedule", { generatorFaults: ["it was behind its schedule"] }],
    ["INVALID", "left no trace", { faults: [{ ...fault, effect: null }] }],
    ["INVALID", "counted 499 writes for 500", { replays: [{ ...replay, writesSeen: 499 }] }],
    ["INVALID", "counted 0 writes for 0", { replays: [{ ...replay, records: 0, writesSeen: 0 }] }],
    ["UNKNOWN", "cassandra ended", { died: ["cassandra ended (signal 9)"] }],
    ["UNKNOWN", "prove nothing", { recordsMin: 100_000, died: ["simulator-0 died"] }],
    ["UNKNOWN", "broken off", { brokenOff: true }],
  ];
  for (const [verdict, sentence, record] of cases) {
    const judgement = judge(withRecord(record));
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.reasons.map(({ why }) => why).join("; ")).toContain(sentence);
  }
});

test("readings that must be rejected although the plan wanted them accepted make a run INVALID", () => {
  const [first, ...rest] = facts.audit.partitions;
  const partitions = [{ ...first!, rejectedUnplanned: 3 }, ...rest];
  const judgement = judge({ ...facts, audit: { ...facts.audit, partitions } });
  expect(judgement.verdict).toBe("INVALID");
  expect(judgement.readings.rejectedUnplanned).toBe(3);
});

test("loss that memory could not hold is UNKNOWN, never PASS", () => {
  const [first, ...rest] = facts.audit.partitions;
  const partitions = [{ ...first!, overflowed: true }, ...rest];
  expect(judge({ ...facts, audit: { ...facts.audit, partitions } }).verdict).toBe("UNKNOWN");
});

test("a replay that changed a store is a FAIL", () => {
  const judgement = judge(withRecord({ replays: [{ ...replay, digestAfter: "other" }] }));
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "corrupt", store: "elasticsearch" }),
  ]);
});

test("without a replay C9, and with one store C8, are left out rather than passed", () => {
  const judgement = judge({ ...withRecord({ replays: [] }), stores: facts.stores.slice(0, 1) });
  expect(judgement.results.map(({ clause }) => clause)).not.toContain("C8");
  expect(judgement.results.map(({ clause }) => clause)).not.toContain("C9");
  expect(judgement.verdict).toBe("PASS");
});

test("a run with no records at all is INVALID", () => {
  const nothing = factsOf({
    ...honestHistory,
    log: [[], []],
    published: [],
    refused: [],
    elasticsearch: [],
    cassandra: [],
    acks: [],
  });
  expect(judge(nothing).verdict).toBe("INVALID");
});

test("the canary is planted three times in each place and caught, beside real faults, too", () => {
  expect(runCanary(facts)).toEqual({ planted: 9, caught: 9 });
  const broken = factsOf({ ...honestHistory, cassandra: honestHistory.cassandra.slice(50) });
  expect(runCanary(broken)).toEqual({ planted: 9, caught: 9 });
});

test("where nothing stands once there is nothing to plant in, and the run says so", () => {
  const rows = honestHistory.elasticsearch;
  const twice = factsOf({ ...honestHistory, elasticsearch: [...rows, ...rows] });
  expect(runCanary(twice)).toEqual({ planted: 0, caught: 0 });
  expect(judge(twice).reasons.map(({ why }) => why)).toContain(
    "the canary could not be planted: too few windows",
  );
});
