import { expect, test } from "vitest";
import type { ReplayStall } from "../../../../harness/facts/run-record.ts";
import { drainReplay } from "../../../../harness/run/replays/replay-parts.ts";
import { createTroubles } from "../../../../harness/run/troubles.ts";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";

const stage = { stage: "cassandra", processes: "job-cassandra", group: "g", topic: "agg" };

/** What comes of waiting for a group that has committed `doneAt(ms)` of a partition of 100. */
async function drained(doneAt: (ms: number) => number, died?: string) {
  const clock = createVirtualClock(0);
  const { signal } = new AbortController();
  const troubles = createTroubles(clock, signal);
  if (died !== undefined) troubles.note(died);
  const stalls: ReplayStall[] = [];
  const place = { topic: "agg", partition: 3, start: 0n, end: 100n, lastStable: 100n };
  const groups = {
    stages: [stage],
    lagOf: async () => {
      const committed = doneAt(clock.monotonicMs());
      const lag = 100 - committed;
      const partitions = [{ ...place, committed: BigInt(committed), lag }];
      return { group: "g", partitions, lag, drained: lag === 0 };
    },
  };
  const whole = await clock.runUntil(
    drainReplay(
      { clock, signal, scenario: { fleet: { devices: 500 } } },
      { groups, status: { stage: () => undefined }, troubles, stalls },
      ["cassandra"],
      { mode: "rewind at-rest", undrained: "the jobs did not come to the end" },
    ),
    600_000,
  );
  return { whole, stalls, sentences: troubles.sentences };
}

test("a stage that comes to the end is neither a stall nor a trouble", async () => {
  const found = await drained((ms) => Math.min(100, Math.floor(ms / 100)));
  expect(found).toEqual({ whole: true, stalls: [], sentences: [] });
});

test("a stage that stands still is a stall of its replay, with the partition in which it stands", async () => {
  const { whole, stalls, sentences } = await drained(() => 40);
  expect(whole).toBe(false);
  expect(sentences).toEqual([]);
  const partitions = [{ partition: 3, committed: 40, lastStable: 100, end: 100 }];
  expect(stalls).toEqual([
    { mode: "rewind at-rest", stage: "cassandra", topic: "agg", partitions },
  ]);
});

test("one that is only slow, or has lost something, leaves the replay undecided", async () => {
  const sentence = "the replay (rewind at-rest): the jobs did not come to the end";
  const slow = await drained((ms) => Math.floor(ms / 10_000));
  expect(slow).toEqual({ whole: false, stalls: [], sentences: [sentence] });
  const dead = await drained(() => 40, "kafka died");
  expect(dead).toEqual({ whole: false, stalls: [], sentences: ["kafka died", sentence] });
});
