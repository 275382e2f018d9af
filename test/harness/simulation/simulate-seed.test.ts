/** Schedules of the simulation: a quick slice of them, that each can be repeated, and that they find what is wrong. */
import { expect, test } from "vitest";
import { drawSchedule } from "../../../harness/simulation/fault-schedule.ts";
import { type SeedResult, simulateSeed } from "../../../harness/simulation/simulate-seed.ts";
import { simulatedFleet } from "../../../harness/simulation/simulated-fleet.ts";
import { type Plant, prepareSimulation } from "../../../harness/simulation/simulated-stages.ts";
import type { Kafka, TransactionalProducer } from "../../../pipeline/kafka/port.ts";
import { stored } from "../../../pipeline/sinks/sink.ts";
import { foldOneTwice } from "../../planted/fold-one-twice.ts";

const setup = prepareSimulation(simulatedFleet());

async function seeds(from: number, count: number, plant?: Plant): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  for (let seed = from; seed < from + count; seed++) {
    results.push(await simulateSeed(setup, seed, plant));
  }
  return results;
}

test("the pipeline passes under every schedule, and each kind of trouble has happened", async () => {
  const results = await seeds(1, 200);
  expect(results.filter(({ verdict }) => verdict !== "PASS")).toEqual([]);
  const total = (kind: keyof SeedResult["effects"]): number =>
    results.reduce((sum, { effects }) => sum + effects[kind], 0);
  const kinds = ["refused", "lost", "late", "slow", "crashes", "rejected", "forsaken"] as const;
  for (const kind of kinds) expect(total(kind), kind).toBeGreaterThan(50);
});

test.for(["overload elasticsearch", "overload cassandra", "read-only elasticsearch"])(
  "%s: the store says that it refuses, and the pipeline passes",
  async (wanted) => {
    const { load } = setup.scenario;
    const isWanted = (seed: number): boolean => {
      const { odds, troubles } = drawSchedule(seed, load.warmUpMs + load.forMs);
      const names = troubles.map(({ kind, of }) => `${kind} ${of}`);
      return odds.part === 0 && names.includes(wanted);
    };
    const all = Array.from({ length: 500 }, (_, seed) => seed).filter(isWanted);
    const results = [];
    for (const seed of all.slice(0, 5)) results.push(await simulateSeed(setup, seed));
    expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => "PASS"));
    expect(results.some(({ effects }) => effects.rejected > 0)).toBe(true);
  },
);

test("the same seed gives the same world, another seed another one", async () => {
  const [first, again] = [await seeds(40, 5), await seeds(40, 5)];
  expect(again).toEqual(first);
  expect(new Set(first.map(({ trace }) => trace)).size).toBe(first.length);
});

test("a bug changes the trace of a seed that it strikes", async () => {
  const [sound] = await seeds(1, 1);
  const [planted] = await seeds(1, 1, { kafka: foldOneTwice });
  expect(planted?.verdict).toBe("FAIL");
  expect(planted?.trace).not.toBe(sound?.trace);
});

/** The transactions of a Kafka, with a commit of one's own. */
function withCommit(
  commit: (producer: TransactionalProducer, kafka: Kafka) => TransactionalProducer["commit"],
): Plant {
  return {
    kafka: (kafka) => ({
      ...kafka,
      transactions: {
        open: async (...args) => {
          const producer = await kafka.transactions.open(...args);
          return { ...producer, commit: commit(producer, kafka) };
        },
      },
    }),
  };
}

const bugs: Readonly<Record<string, { readonly plant: Plant; readonly found: string }>> = {
  "a job that takes every failed write for a stored one": {
    found: "lost-write",
    plant: {
      sink: (sink) => ({
        ...sink,
        write: async (batch, signal) =>
          (await sink.write(batch, signal)).map((result) =>
            result.kind === "retriable" ? stored : result,
          ),
      }),
    },
  },
  "an aggregator that commits its offsets before its outputs": {
    found: "lost-write",
    plant: withCommit((producer, kafka) => async (assignment, offsets) => {
      await kafka.groups.commit(assignment, offsets);
      await producer.commit(assignment, []);
    }),
  },
  "a job that reads what was aborted": {
    found: "aborted-read",
    plant: {
      kafka: (kafka) => ({
        ...kafka,
        log: {
          ...kafka.log,
          fetch: (request, signal) =>
            kafka.log.fetch({ ...request, isolation: "read_uncommitted" }, signal),
        },
      }),
    },
  },
  "an aggregator that forgets where its checkpoint is": {
    found: "ended",
    plant: withCommit(
      (producer) => (assignment, offsets) =>
        producer.commit(
          assignment,
          offsets.map((offset) => ({ ...offset, metadata: "" })),
        ),
    ),
  },
};

test.for(Object.entries(bugs))("%s is found", async ([, { plant, found }]) => {
  const results = await seeds(1, 40, plant);
  const failed = results.filter(({ verdict }) => verdict === "FAIL");
  expect(failed.flatMap(({ classes }) => classes)).toContain(found);
});

test("a schedule is drawn from its seed alone, and every kind of trouble is drawn", () => {
  const schedules = Array.from({ length: 500 }, (_, seed) => drawSchedule(seed, 1_500));
  expect(drawSchedule(7, 1_500)).toEqual(schedules[7]);
  const kinds = schedules.flatMap(({ troubles }) =>
    troubles.map(({ kind, of }) => `${kind} ${of}`),
  );
  expect([...new Set(kinds)].sort()).toEqual([
    "outage broker",
    "outage cassandra",
    "outage elasticsearch",
    "overload cassandra",
    "overload elasticsearch",
    "pause aggregator",
    "pause cassandra",
    "pause elasticsearch",
    "phantom aggregated",
    "read-only elasticsearch",
    "visit aggregator",
    "visit cassandra",
    "visit elasticsearch",
  ]);
  for (const { troubles, healedAtMs } of schedules) {
    expect(healedAtMs).toBeGreaterThanOrEqual(1_500);
    for (const { atMs, forMs } of troubles) expect(atMs + forMs).toBeLessThanOrEqual(healedAtMs);
  }
});
