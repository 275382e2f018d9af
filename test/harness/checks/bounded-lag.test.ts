import { expect, test } from "vitest";
import { checkBoundedLag } from "../../../harness/checks/bounded-lag.ts";
import { judge } from "../../../harness/checks/judge.ts";
import type { DrainedStage, RunRecord } from "../../../harness/facts/run-record.ts";
import { factsOf, type History, honestHistory } from "./history.ts";

const facts = factsOf(honestHistory);
const at = (committed: number, lastStable: number, end = lastStable) => ({
  committed,
  lastStable,
  end,
});
function drained(...partitions: readonly ReturnType<typeof at>[]): Partial<RunRecord> {
  const numbered = partitions.map((each, partition) => ({ partition, ...each }));
  const raw: DrainedStage = {
    stage: "aggregator",
    topic: "raw",
    partitions: [{ partition: 0, ...at(500, 500) }],
  };
  const stages = [raw, { stage: "cassandra", topic: "aggregated", partitions: numbered }];
  return { drainSeen: { afterMs: 50_000, withinMs: 180_000, stages } };
}

const judged = (record: Partial<RunRecord>, history: Partial<History> = {}) => {
  const bent = { ...honestHistory, ...history };
  return judge(factsOf({ ...bent, record: { ...bent.record, ...record } }));
};

test("stall: the backlog that stood still is named with stage, topic, partition and offset", () => {
  const judgement = judged({ drain: "stalled", ...drained(at(7, 7), at(3, 9), at(-1, 4)) });
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    {
      class: "stall",
      topic: "aggregated",
      partition: 1,
      offset: 3,
      expected: "no backlog 180 s after the load",
      found: "cassandra stood still with a backlog: committed 3 of 9, log end 9",
    },
    expect.objectContaining({ class: "stall", partition: 2, offset: 0 }),
  ]);
});

test("near miss: a backlog that still shrank at the deadline is unseen, and the run UNKNOWN", () => {
  const judgement = judged({ drain: "shrinking", ...drained(at(7, 7), at(3, 9)) });
  expect(judgement.verdict).toBe("UNKNOWN");
  expect(judgement.findings.map((finding) => finding.class)).toEqual(["unseen"]);
});

test("near miss: a backlog of a run in which something died proves nothing", () => {
  const died = ["cassandra ended"];
  expect(judged({ drain: "stalled", died, ...drained(at(3, 9)) }).verdict).toBe("UNKNOWN");
});

test("a drained run passes, with as many partitions looked at as there are", () => {
  const record = { ...facts.record, ...drained(at(7, 7), at(9, 9)) };
  expect(checkBoundedLag({ ...facts, record })).toMatchObject({ verdict: "PASS", evaluated: 3 });
});

test("a folder that says only how the drain ended is judged by that", () => {
  expect(judged({ drain: "empty" }).verdict).toBe("PASS");
  expect(judged({ drain: "shrinking" }).verdict).toBe("UNKNOWN");
  expect(judged({ drain: "stalled" })).toMatchObject({
    verdict: "FAIL",
    findings: [{ class: "stall", found: "a stage stood still with a backlog" }],
  });
});

test("hung-txn: a transaction that nobody ends is named with producer, partition and first offset", () => {
  const open = { outcome: 2, partition: 1, firstOffset: 31, producerId: 9, markerOffset: NaN };
  const transactions = [...honestHistory.transactions, open];
  const judgement = judged(
    { drain: "stalled", ...drained(at(7, 7), at(31, 31, 36)) },
    { transactions },
  );
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    {
      class: "hung-txn",
      topic: "aggregated",
      partition: 1,
      offset: 31,
      expected: "every transaction committed or aborted once the pipeline is at rest",
      found: "a transaction of producer 9, epoch 0 is open since offset 31",
    },
  ]);
});

test("hung-txn: where the log was not read, the last stable offset tells", () => {
  const judgement = judged({ drain: "stalled", ...drained(at(31, 31, 36)) });
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "hung-txn", topic: "aggregated", partition: 0, offset: 31 }),
  ]);
});

test("near miss: an open transaction of a run in which something died may yet be ended", () => {
  const open = { outcome: 2, partition: 1, firstOffset: 31, markerOffset: NaN };
  const transactions = [...honestHistory.transactions, open];
  expect(judged({ died: ["aggregator-0 died"] }, { transactions }).verdict).toBe("UNKNOWN");
});

const stuck = {
  ...{ kind: "kill", target: "cassandra-0", atMs: 9, effect: "it died", mayFailSends: false },
  ...{ untilMs: null, recoveredMs: null, stage: "cassandra", mustRecover: true, stood: [1] },
};

test("a partition that C11 names is not named again; one of another stage, or not proven, is", () => {
  const stalled = { drain: "stalled", ...drained(at(7, 7), at(3, 9)) } as const;
  const lag = (record: Partial<RunRecord>) =>
    checkBoundedLag({ ...facts, record: { ...facts.record, ...record } });
  expect(lag({ ...stalled, faults: [stuck] })).toMatchObject({ findings: [], echoes: 1 });
  const other = { ...stuck, stage: "elasticsearch" };
  expect(lag({ ...stalled, faults: [other] })).toMatchObject({
    ...{ findings: [{ class: "stall", partition: 1 }], echoes: 0 },
  });
  expect(lag({ ...stalled, drain: "shrinking", faults: [stuck] })).toMatchObject({
    findings: [
      {
        ...{ class: "unseen", partition: 1 },
        found: "cassandra still had a backlog, though it shrank: committed 3 of 9, log end 9",
      },
    ],
    echoes: 0,
  });
});

test("where nobody was asked how far the drain came, its last stage is named, if one was reached", () => {
  const { drainSeen } = drained();
  const { findings } = judged({ drain: "shrinking", drainSeen: drainSeen! });
  expect(findings).toEqual([
    {
      ...{ class: "unseen", expected: "no backlog 180 s after the load" },
      found: "cassandra still had a backlog, though it shrank",
    },
  ]);
  const none = { ...drainSeen!, stages: [] };
  expect(judged({ drain: "shrinking", drainSeen: none }).findings[0]?.found).toBe(
    "a stage still had a backlog, though it shrank",
  );
});

test("a transaction that is open is told once, however the drain ended", () => {
  const open = { outcome: 2, partition: 1, firstOffset: 31, markerOffset: NaN };
  const transactions = [...honestHistory.transactions, open];
  const { findings } = judged({ ...drained(at(7, 7), at(31, 31)) }, { transactions });
  expect(findings.map((each) => each.class)).toEqual(["hung-txn"]);
});

test("facts made of no log, and folders that noted no transactions, name none", () => {
  const { transactions: _, ...topics } = facts.topics;
  expect(checkBoundedLag({ ...facts, topics }).verdict).toBe("PASS");
  const older = { ...topics, transactions: "not-kept" } as const;
  expect(checkBoundedLag({ ...facts, topics: older }).verdict).toBe("PASS");
});
