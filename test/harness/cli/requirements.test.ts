import { expect, test } from "vitest";
import { memoryNeeded } from "../../../harness/cli/memory-needed.ts";
import { diskLoadOf, memoryLoadOf } from "../../../harness/cli/requirements.ts";
import { createTimeline } from "../../../harness/run/timeline.ts";
import { loadScenario, type ScenarioOverrides } from "../../../harness/scenario/load-scenario.ts";
import type { Scenario } from "../../../harness/scenario/scenario.ts";
import { diskNeeded } from "../../../harness/stack/disk.ts";

function scenarioOf(name: string, overrides: ScenarioOverrides = {}): Scenario {
  const loaded = loadScenario(name, overrides);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.scenario;
}

const minuteMs = 60_000;

test("ten billion a day: the life-size fleet in real time", () => {
  const { fleet, load } = scenarioOf("ten-billion-a-day");
  expect(fleet.timeScale).toBe(1);
  expect(load.ratePerSecond * 86_400).toBeCloseTo(10e9, -6);
});

test("its three boundaries lie within the load, each with ten minutes to be absorbed in", () => {
  const scenario = scenarioOf("ten-billion-a-day");
  const timeline = createTimeline(scenario, 0);
  const closes = timeline.windows.map(timeline.couldCloseAt);
  expect(closes.map((ms) => ms / minuteMs)).toEqual([6, 16, 26]);
  expect(timeline.loadEndMs - closes.at(-1)!).toBeGreaterThanOrEqual(9.5 * minuteMs);
});

test("it needs less than 40 GB of disk and 16 GB of memory, twice the time more disk", () => {
  const scenario = scenarioOf("ten-billion-a-day");
  const disk = diskNeeded(diskLoadOf(scenario)).bytes;
  expect(disk).toBeGreaterThan(20e9);
  expect(disk).toBeLessThan(40e9);
  expect(memoryNeeded(memoryLoadOf(scenario, true)).bytes).toBeLessThan(16e9);
  const longer = diskNeeded(diskLoadOf(scenarioOf("ten-billion-a-day", { for: "70m" })));
  expect(longer.bytes / disk).toBeCloseTo(2, 0);
});

test("only windows that the load touches are reckoned with", () => {
  const { windows, devices, openWindows } = memoryLoadOf(scenarioOf("ten-billion-a-day"), true);
  expect([windows / devices, openWindows]).toEqual([4, 2]);
  const held = (...set: readonly string[]) => diskLoadOf(scenarioOf("quick", { set })).heldScans;
  expect([held("replay=[]"), held("replay=[{ rewind: 12s }]")]).toEqual([0, 3]);
  const json = scenarioOf("quick", { set: ["readings.format=json"] });
  expect(diskLoadOf(json).bytesPerReading).toBeGreaterThan(150);
});
