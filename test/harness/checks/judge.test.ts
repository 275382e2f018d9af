import { expect, test } from "vitest";
import type { CheckResult } from "../../../harness/checks/check-result.ts";
import { judge, undecided } from "../../../harness/checks/judge.ts";
import { judgeValidity } from "../../../harness/checks/validity.ts";
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, type History, honestHistory, honestLog } from "./history.ts";

const facts = factsOf(honestHistory);
const rows = honestHistory.cassandra;
const judged = (changes: Partial<History>) => judge(factsOf({ ...honestHistory, ...changes }));
const records = honestLog[0]!.length + honestLog[1]!.length;
const caught = { planted: 9, caught: 9 };
const whys = (of: RunFacts, results: readonly CheckResult[] = [], canary = caught) =>
  judgeValidity(of, results, canary).map(({ verdict, why }) => `${verdict}: ${why}`);

test("a judgement says how many readings and aggregates there were, and what became of them", () => {
  const end = honestLog[0]!.length;
  const outcomes = ["acked", "failed", "unknown"] as const;
  const own = outcomes.map((outcome, nth): AckRange => {
    const from = nth === 0 ? 0 : end - 10 + nth * 3;
    return { partition: 0, from, to: nth === 2 ? end : end - 7 + nth * 3, outcome };
  });
  const judgement = judged({ acks: [...own, honestHistory.acks[1]!] });
  expect(judgement.readings).toEqual({
    ...{ acked: end - 7 + honestLog[1]!.length, failed: 3, unknown: 4 },
    duplicates: facts.audit.partitions.reduce((sum, each) => sum + each.duplicate, 0),
    rejectedPlanned: honestHistory.refused.length,
    rejectedUnplanned: 0,
  });
  expect(judgement.readings.duplicates).toBeGreaterThan(20);
  expect(judgement.aggregates).toEqual({
    expected: rows.length,
    published: honestHistory.published.length,
  });
});

test("a window that is not due is not expected; a rejection that nobody planned is none of the planned", () => {
  const bent = factsOf(honestHistory);
  bent.audit.windows.columns.firstDue[5] = 0;
  expect(judge(bent).aggregates.expected).toBe(rows.length - 1);
  const partitions = bent.audit.partitions.map((each) => ({ ...each, rejectedUnplanned: 2 }));
  const { readings } = judge({ ...bent, audit: { ...bent.audit, partitions } });
  expect(readings).toMatchObject({
    ...{ rejectedPlanned: honestHistory.refused.length - 4, rejectedUnplanned: 4 },
  });
});

test("violations name all that was found with clause and disturbance; echoes are not among them", () => {
  const fault = {
    ...{ kind: "kill", target: "aggregator", atMs: 0, untilMs: 3_600_000, recoveredMs: 5 },
    ...{ effect: "it died", mayFailSends: false },
  };
  const record = { faults: [fault], timeScale: 1 };
  const { violations, findings } = judged({ cassandra: rows.slice(40), record });
  expect(violations.all).toBe(40);
  expect(violations.named).toHaveLength(40);
  expect(findings).toHaveLength(32);
  const [first] = findings;
  expect(first).toMatchObject({ class: "lost-write", during: "kill aggregator at 0 s" });
  expect(violations.named[0]).toEqual({ clause: "C7", ...first });
});

test("where something died INVALID is UNKNOWN; what is proven stays FAIL", () => {
  const record = { died: ["cassandra ended (signal 9)"] };
  expect(judged({ record: { ...record, recordsMin: 100_000 } }).verdict).toBe("UNKNOWN");
  expect(judged({ record, cassandra: rows.slice(1) }).verdict).toBe("FAIL");
});

test("a run without facts is UNKNOWN for the reasons given, and nothing else is known of it", () => {
  expect(undecided(["the folder is empty", "so it is"])).toEqual({
    verdict: "UNKNOWN",
    ...{ results: [], findings: [], violations: { named: [], all: 0 } },
    reasons: [
      { verdict: "UNKNOWN", why: "the folder is empty" },
      { verdict: "UNKNOWN", why: "so it is" },
    ],
    canary: { planted: 0, caught: 0 },
    readings: {
      ...{ acked: 0, failed: 0, unknown: 0, duplicates: 0 },
      ...{ rejectedPlanned: 0, rejectedUnplanned: 0 },
    },
    ...{ aggregates: { expected: 0, published: 0 }, stores: {} },
  });
});

test("as many records as are asked for are enough; one less is too few", () => {
  const least = (recordsMin: number) => whys({ ...facts, record: { ...facts.record, recordsMin } });
  expect(least(records)).toEqual([]);
  expect(least(records + 1)).toEqual([
    `INVALID: the raw topic held ${records} records; less than ${records + 1} prove nothing`,
  ]);
});

test("a clause that looked at nothing is told, unless it says itself that it could not", () => {
  const result: CheckResult = {
    ...{ clause: "C4", verdict: "INVALID", evaluated: 0, findings: [], violations: [] },
    ...{ counts: {}, echoes: 0 },
  };
  const unknown = { ...result, clause: "C10", verdict: "UNKNOWN" } as const;
  const seen = { ...result, clause: "C5", verdict: "PASS", evaluated: 3 } as const;
  expect(whys(facts, [result, unknown, seen])).toEqual(["INVALID: C4 had nothing to look at"]);
});

test("a canary that was not named in full makes the run INVALID", () => {
  expect(whys(facts, [], { planted: 9, caught: 8 })).toEqual([
    "INVALID: the canary: 8 of 9 planted faults were named",
  ]);
  expect(whys(facts, [], { planted: 0, caught: 0 })).toEqual([
    "INVALID: the canary could not be planted: too few windows",
  ]);
});

test("what was not read to its end, or not remembered, is said and leaves the run UNKNOWN", () => {
  const { audit, topics } = facts;
  expect(whys({ ...facts, audit: { ...audit, reachedEnd: false } })).toEqual([
    "UNKNOWN: the raw topic was not read to its end",
  ]);
  expect(whys({ ...facts, topics: { ...topics, reachedEnd: false } })).toEqual([
    "UNKNOWN: the pipeline's topics were not read to their end",
  ]);
  const partitions = audit.partitions.map((each, p) => ({ ...each, overflowed: p === 1 }));
  expect(whys({ ...facts, audit: { ...audit, partitions } })).toEqual([
    "UNKNOWN: more sends are missing from the raw topic than could be remembered",
  ]);
});
