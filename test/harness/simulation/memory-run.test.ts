import { expect, test } from "vitest";
import { loadScenario } from "../../../harness/scenario/load-scenario.ts";
import type { Scenario } from "../../../harness/scenario/scenario.ts";
import { runInMemory } from "../../../harness/simulation/memory-run.ts";
import { foldOneTwice } from "../../planted/fold-one-twice.ts";
import { skipOneWrite } from "../../planted/skip-one-write.ts";

/** The scenario of `npm start` with a small fleet: about 22,000 readings, five windows of each device. */
function small(seed = 1): Scenario {
  const loaded = loadScenario("quick", {
    seed: String(seed),
    rate: "1500/s",
    for: "13s",
    set: ["load.warmUp=2s", "fleet.devices=150", "topics.partitions=4"],
  });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join("\n"));
  return loaded.scenario;
}

test("the whole pipeline in memory keeps every reading exactly once", async () => {
  const { verdict, results, reasons, canary, stores } = await runInMemory({ scenario: small() });
  expect(reasons).toEqual([]);
  expect(results.filter((result) => result.verdict !== "PASS")).toEqual([]);
  expect(verdict).toBe("PASS");
  expect(canary).toEqual({ planted: 9, caught: 9 });
  expect(stores["elasticsearch"]?.found).toBeGreaterThan(700);
  expect(stores["cassandra"]?.found).toBe(stores["elasticsearch"]?.found);
});

test.for([1, 2, 3])(
  "an aggregator that dies in mid-run loses and doubles nothing, seed %i",
  async (seed) => {
    const killAggregatorAtMs = 5_000 + seed * 777;
    const { verdict, findings, reasons } = await runInMemory({
      scenario: small(seed),
      killAggregatorAtMs,
    });
    expect(findings).toEqual([]);
    expect(reasons).toEqual([]);
    expect(verdict).toBe("PASS");
  },
);

test("a window that holds one reading twice and misses another is found, and both are named", async () => {
  const { verdict, findings } = await runInMemory({
    scenario: small(),
    plant: { kafka: foldOneTwice },
  });
  expect(verdict).toBe("FAIL");
  const masked = findings.find((finding) => finding.class === "masked");
  expect(masked).toBeDefined();
  expect(masked?.found).toMatch(/seq/);
});

test("an aggregate that one store never got is found missing there, and there alone", async () => {
  const { verdict, stores } = await runInMemory({
    scenario: small(),
    plant: { sink: skipOneWrite },
  });
  expect(verdict).toBe("FAIL");
  expect(stores["cassandra"]?.missing).toBe(1);
  expect(stores["elasticsearch"]?.missing).toBe(0);
});
