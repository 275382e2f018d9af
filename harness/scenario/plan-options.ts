/** What the simulator's plan needs to know of a scenario. */
import type { PlanOptions } from "../../simulator/plan.ts";
import type { Scenario } from "./scenario.ts";

export function planOptionsOf(scenario: Scenario): PlanOptions {
  const { seed, fleet, load, time, topics, readings, window } = scenario;
  const { format, ...mix } = readings;
  return {
    seed,
    devices: fleet.devices,
    everyMs: fleet.everyMs,
    startAt: time.start,
    loadMs: Math.round((load.warmUpMs + load.forMs) * fleet.timeScale),
    partitions: topics.partitions,
    format,
    window,
    mix,
  };
}
