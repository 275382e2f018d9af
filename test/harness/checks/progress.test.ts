import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { checkProgress } from "../../../harness/checks/progress.ts";
import type { FaultRecord, RunRecord } from "../../../harness/facts/run-record.ts";
import { factsOf, honestHistory } from "./history.ts";

const facts = factsOf(honestHistory);
const kill: FaultRecord = {
  kind: "kill",
  target: "aggregator-0",
  atMs: 14_200,
  effect: "it died",
  mayFailSends: false,
  untilMs: 17_000,
  recoveredMs: 2_800,
  stage: "aggregator",
  mustRecover: true,
  recoverWithinMs: 90_000,
};
const stuck: FaultRecord = { ...kill, untilMs: null, recoveredMs: null, stood: [1] };

const judged = (faults: readonly FaultRecord[], record: Partial<RunRecord> = {}) =>
  judge({ ...facts, record: { ...facts.record, faults, ...record } });
const progress = (faults: readonly FaultRecord[], record: Partial<RunRecord> = {}) =>
  checkProgress({ record: { ...facts.record, faults, ...record } });

test("stall: a fault after which a partition with work stood still is named with stage and partition", () => {
  const judgement = judged([kill, stuck]);
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    {
      class: "stall",
      partition: 1,
      expected: "the work goes on within 90 s",
      found: "aggregator stood still, with work left",
      during: "kill aggregator-0 at 14 s",
    },
  ]);
});

test("near miss: work that went on, one that had nothing left to do, and one that waits for its operator", () => {
  const idle = { ...stuck, stood: [] };
  const poison = { ...stuck, kind: "poison", mustRecover: false };
  expect(progress([kill, idle, poison])).toMatchObject({ verdict: "PASS", evaluated: 3 });
});

test("without a fault that left a trace there is nothing to go on from", () => {
  expect(progress([])).toBeUndefined();
  expect(progress([{ ...stuck, effect: null }])).toBeUndefined();
});

test("UNKNOWN: something had died unasked, or the folder is of a version that kept no recovery", () => {
  expect(progress([stuck], { died: ["kafka ended"] })).toMatchObject({ verdict: "UNKNOWN" });
  const { untilMs: _, recoveredMs: __, ...older } = kill;
  expect(progress([older])).toMatchObject({ verdict: "UNKNOWN", counts: { unseen: 1 } });
  expect(judged([older]).verdict).toBe("UNKNOWN");
});

test("a partition that still stands when the drain gives it up is named once", () => {
  const partitions = [0, 1].map((partition) => ({
    partition,
    committed: 10 + partition * 5,
    lastStable: partition === 1 ? 40 : 10,
    end: partition === 1 ? 40 : 10,
  }));
  const stages = [{ stage: "aggregator", topic: "raw", partitions }];
  const drainSeen = { afterMs: 60_000, withinMs: 180_000, stages };
  const judgement = judged([stuck], { drain: "stalled", drainSeen });
  expect(judgement.findings.map((finding) => finding.class)).toEqual(["stall"]);
  expect(judgement.results.find(({ clause }) => clause === "C12")).toMatchObject({
    verdict: "FAIL",
    counts: { stall: 1 },
    echoes: 1,
  });
});

test("what C11 says of a fault: within what time, if one is set, and which fault", () => {
  const { recoverWithinMs: _, stage: __, ...bare } = stuck;
  expect(progress([bare])?.findings).toEqual([
    {
      ...{ class: "stall", partition: 1, expected: "the work goes on" },
      ...{ found: "aggregator-0 stood still, with work left", during: "kill aggregator-0 at 14 s" },
    },
  ]);
  const { recoveredMs: ___, ...older } = kill;
  expect(progress([older])?.findings).toEqual([
    {
      ...{ class: "unseen", expected: "the work goes on within 90 s" },
      found: "not on file: the run folder is of a version that did not record it",
      during: "kill aggregator-0 at 14 s",
    },
  ]);
});

test("near miss: partitions that stood and went on, or of which none is on file, are no stall", () => {
  expect(progress([{ ...stuck, recoveredMs: 5_000 }])?.verdict).toBe("PASS");
  const { stood: _, ...none } = stuck;
  expect(progress([none])?.verdict).toBe("PASS");
});
