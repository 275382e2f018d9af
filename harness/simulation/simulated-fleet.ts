/** The scenario of every simulated schedule: a few devices and windows, and much of all that is unusual in readings. */
import { loadScenario } from "../scenario/load-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";

const overrides = [
  "fleet.devices=5",
  "load.warmUp=500ms",
  "time.start=2026-01-15T23:58:00Z", // midnight comes by: two indices, two days
  "topics.partitions=2",
  "window.size=1m",
  "window.grace=15s",
  "window.retention=2m",
  "readings.outOfOrder=10%",
  "readings.revising=5%",
  "readings.late=3%",
  "readings.duplicated=5%",
  "readings.malformed=1%",
  "readings.missing=2%",
  "readings.rebooted=3%", // a device has one or two boots
  "readings.wrongClock=1%",
];

/**
 * Some 150 readings in 4 s: five windows of each device, and time for a rebalance (members hear of one by their
 * next heartbeat, 3 s apart). Errors: `Error` when the scenario is not what it was.
 */
export function simulatedFleet(): Scenario {
  const loaded = loadScenario("quick", { rate: "37.5/s", for: "3500ms", set: overrides });
  if (loaded.ok) return loaded.scenario;
  throw new Error(loaded.errors.map(({ path, message }) => `${path}: ${message}`).join("\n"));
}
