import { expect, test } from "vitest";
import type { GroupLag } from "../../../harness/observe/lag.ts";
import { drain } from "../../../harness/run/drain.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const stages = ["aggregator", "cassandra"].map((stage) => ({
  stage,
  processes: stage,
  group: stage,
  topic: `topic of ${stage}`,
}));

/** Two partitions of a log of 100; the stage has committed `done` of the first, and all of the second. */
function lagAt(topic: string, done: number, open = 0): GroupLag {
  const at = (partition: number, committed: number) => ({
    ...{ topic, partition, start: 0n, end: 100n + BigInt(open) },
    ...{ committed: BigInt(committed), lastStable: 100n, lag: 100 - committed },
  });
  const partitions = [at(0, done), at(1, 100)];
  return { group: topic, partitions, lag: 100 - done, drained: done === 100 && open === 0 };
}

async function drained(doneOf: (stage: string, ms: number) => number, open = 0) {
  const clock = createVirtualClock(0);
  const outcome = drain({
    stages,
    lagOf: async ({ stage, topic }) =>
      lagAt(topic, doneOf(stage, clock.monotonicMs()), stage === "cassandra" ? open : 0),
    withinMs: () => 180_000,
    clock,
    signal: new AbortController().signal,
    onLag: () => undefined,
  });
  return await clock.runUntil(outcome, 600_000);
}

test("stage by stage; what was there at the last look is told", async () => {
  const outcome = await drained((_, ms) => Math.min(100, Math.floor(ms / 100)));
  expect(outcome.kind).toBe("drained");
  expect(outcome.seen?.stages.map(({ stage }) => stage)).toEqual(["aggregator", "cassandra"]);
  expect(outcome.seen?.stages[1]?.partitions[0]).toEqual({
    ...{ partition: 0, committed: 100, lastStable: 100, end: 100 },
  });
});

test("a backlog that stands still ends it early, with the partition in which it stands", async () => {
  const outcome = await drained((stage) => (stage === "aggregator" ? 100 : 40));
  expect(outcome).toMatchObject({ kind: "stalled", stage: "cassandra", lag: 60 });
  expect(outcome.seen?.stages.at(-1)).toMatchObject({
    stage: "cassandra",
    topic: "topic of cassandra",
    partitions: [{ committed: 40 }, { committed: 100 }],
  });
  expect(outcome.seen?.afterMs).toBeLessThan(60_000);
});

test("one that still shrinks at the deadline is no stall", async () => {
  const outcome = await drained((_, ms) => Math.floor(ms / 10_000));
  expect(outcome).toMatchObject({ kind: "timed-out", stage: "aggregator" });
  expect(outcome.seen).toMatchObject({ withinMs: 180_000 });
});

test("an open transaction holds it up although all that can be read was committed", async () => {
  const outcome = await drained(() => 100, 3);
  expect(outcome).toMatchObject({ kind: "stalled", stage: "cassandra", lag: 0 });
  expect(outcome.seen?.stages.at(-1)?.partitions[0]).toMatchObject({ lastStable: 100, end: 103 });
});
