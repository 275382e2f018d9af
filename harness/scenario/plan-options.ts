/** What the simulator's plan needs to know of a scenario. */
import type { PlanOptions } from "../../simulator/plan.ts";
import type { Scenario } from "./scenario.ts";

export function planOptionsOf(scenario: Scenario): PlanOptions {
  const { seed, fleet, load, time, topics, readings, window } = scenario;
  const { format, rebooted, wrongClock, ...mix } = readings;
  const { hot } = fleet;
  return {
    seed,
    devices: fleet.devices,
    everyMs: fleet.everyMs,
    startAt: time.start,
    loadMs: Math.round((load.warmUpMs + load.forMs) * fleet.timeScale),
    partitions: topics.partitions,
    format,
    window,
    // What is not asked for is left out, as in the plans of older run folders.
    mix: wrongClock > 0 ? { ...mix, wrongClock } : mix,
    ...(rebooted > 0 ? { rebooted } : {}),
    ...(hot === undefined ? {} : { hot: { devices: hot.devices, everyMs: hot.everyMs } }),
  };
}
