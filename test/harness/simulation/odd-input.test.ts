/** Input that a pipeline takes for something else, through the whole pipeline in memory. */
import { expect, test } from "vitest";
import { loadScenario } from "../../../harness/scenario/load-scenario.ts";
import { runInMemory } from "../../../harness/simulation/memory-run.ts";

async function played(set: readonly string[]) {
  const loaded = loadScenario("quick", {
    seed: "1",
    rate: "1500/s",
    for: "13s",
    set: ["load.warmUp=2s", "fleet.devices=150", "topics.partitions=4", ...set],
  });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join("\n"));
  const { verdict, reasons, findings, readings } = await runInMemory({ scenario: loaded.scenario });
  expect(findings).toEqual([]);
  expect(reasons).toEqual([]);
  expect(verdict).toBe("PASS");
  return readings;
}

test("readings after a restart of their device are new ones, whatever their seq", async () => {
  await played(["readings.rebooted=5%"]);
});

test("clocks that are wrong are rejected, and neither close windows nor silence their neighbours", async () => {
  const plain = await played([]);
  const readings = await played(["readings.wrongClock=1%"]);
  expect(readings.rejectedPlanned).toBeGreaterThan(plain.rejectedPlanned + 100);
  expect(readings.rejectedUnplanned).toBe(0);
});

test("hot devices, restarts and wrong clocks in one fleet", async () => {
  await played([
    "fleet.hot={ share: 2%, every: 1s }",
    "readings.rebooted=5%",
    "readings.wrongClock=0.2%",
    "readings.late=0.5%",
  ]);
});
