/** The fleet in memory: what it sends, and what its acks say of a worker that died with a batch under way. */
import { expect, test } from "vitest";
import { planOptionsOf } from "../../../harness/scenario/plan-options.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { playFleet, type SendOutcome } from "../../../harness/simulation/memory-fleet.ts";
import { createMemoryKafka } from "../../../harness/simulation/memory-kafka.ts";
import { simulatedFleet } from "../../../harness/simulation/simulated-fleet.ts";
import { createPlan } from "../../../simulator/plan.ts";

const scenario = { ...simulatedFleet(), seed: 1 };
const plan = createPlan(planOptionsOf(scenario));
const { partitions } = scenario.topics;

/** The acks, and how many records each partition has; every third batch ends as `outcome`. */
async function playedWith(outcome: SendOutcome) {
  const clock = createVirtualClock(0);
  const kafka = createMemoryKafka({ clock, topics: { raw: partitions } });
  let batches = 0;
  const drawSend = (): SendOutcome => {
    batches += 1;
    return batches % 3 === 0 ? outcome : "acked";
  };
  const { timeScale } = scenario.fleet;
  const fleet = { plan, kafka, topic: "raw", clock, tickMs: 100, timeScale, drawSend };
  const acks = await clock.runUntil(playFleet(fleet), 60_000);
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const ends = await kafka.connect().log.endOffsets("raw", all, "read_uncommitted");
  return { acks, ends };
}

test("a fleet whose sends are all acked has one range of each partition", async () => {
  const { acks, ends } = await playedWith("acked");
  expect(acks).toEqual(
    [...ends].map(([partition, to]) => ({ partition, from: 0, to, outcome: "acked" })),
  );
});

test.for(["answer-lost", "never-arrived"] as const)(
  "%s: the batch is unknown, never sent again, and what follows is acked",
  async (outcome) => {
    const { acks, ends } = await playedWith(outcome);
    for (const [partition, end] of ends) {
      const own = acks.filter((range) => range.partition === partition);
      expect(own.map(({ from }) => from)).toEqual([0, ...own.slice(0, -1).map(({ to }) => to)]);
      expect(own.at(-1)!.outcome).toBe("acked");
      const unknown = own.filter((range) => range.outcome === "unknown");
      const many = unknown.reduce((sum, { from, to }) => sum + to - from, 0);
      expect(many).toBeGreaterThan(10);
      const lacking = own.at(-1)!.to - end;
      if (outcome === "answer-lost") expect(lacking).toBe(0);
      // What holds the first copy of a reading arrives, though nobody knows.
      else expect(lacking > many / 4 && lacking <= many).toBe(true);
    }
  },
);
