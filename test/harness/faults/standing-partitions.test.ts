import { expect, test } from "vitest";
import type { FaultPorts, StageProgress } from "../../../harness/faults/fault-ports.ts";
import { faultRecord } from "../../../harness/faults/fault-record.ts";
import type { FaultReport } from "../../../harness/faults/fault-report.ts";
import { standingPartitions, workStage } from "../../../harness/faults/standing-partitions.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const report: FaultReport = {
  kind: "kill",
  target: "aggregator-0",
  atMs: 5,
  untilMs: null,
  effect: "it died",
  recoveredMs: null,
};

/** `at`: how far a partition is after so many ms; its log is 100 long. */
async function standing(at: (partition: number, ms: number) => number, changes = {}) {
  const clock = createVirtualClock(0);
  let asked = 0;
  const progressOf = async (): Promise<StageProgress> => {
    asked += 1;
    const done = (partition: number) => at(partition, clock.monotonicMs());
    return new Map(
      [2, 0, 1].map((partition) => [
        partition,
        { done: BigInt(done(partition)), idle: done(partition) >= 100 },
      ]),
    );
  };
  const signal = new AbortController().signal;
  const ports = { progressOf, clock, signal, hopeless: () => false } as unknown as FaultPorts;
  const work = standingPartitions({ ...report, ...changes }, ports);
  return { stood: await clock.runUntil(work, 600_000), asked, ms: clock.monotonicMs() };
}

test("partitions with work left that stand still are named, ascending; the others are not", async () => {
  const { stood } = await standing((partition, ms) => (partition === 1 ? 10 + ms : 40));
  expect(stood).toEqual([0, 2]);
});

test("work that goes on, or has nothing left, is not waited for", async () => {
  expect(await standing((_, ms) => 10 + ms)).toMatchObject({ stood: [], ms: 100 });
  expect(await standing(() => 100)).toMatchObject({ stood: [], ms: 0 });
});

test("nobody is asked where the work was seen to go on, nothing was done, or no stage is meant", async () => {
  for (const changes of [{ recoveredMs: 7 }, { effect: null }, { target: "aggregated" }]) {
    expect(await standing(() => 40, changes)).toMatchObject({ stood: [], asked: 0 });
  }
});

test("the stage whose work a target interrupts", () => {
  const stages = ["aggregator-1", "job-cassandra", "cassandra", "aggregator/kafka"].map(workStage);
  expect(stages).toEqual(["aggregator", "job-cassandra", "job-cassandra", "aggregator"]);
  for (const none of ["simulator-0", "kafka", "aggregated", "simulator/kafka"]) {
    expect(workStage(none)).toBeUndefined();
  }
});

test("on file are the stage as reports name it, and whether the work must go on", () => {
  const of = (target: string, kind: FaultReport["kind"] = "kill") =>
    faultRecord({ ...report, kind, target, stood: [1] });
  expect(of("job-cassandra-1")).toMatchObject({
    stage: "cassandra",
    mustRecover: true,
    stood: [1],
  });
  expect(of("aggregated", "poison")).toMatchObject({ mustRecover: false });
  expect(of("aggregated", "poison")).not.toHaveProperty("stage");
});
