/** `fleet.hot`: a share of the devices that send more often than the rest; what that means for the rate. */
import type { ScenarioFile } from "./scenario-schema.ts";

type FleetFile = ScenarioFile["fleet"];

/** Readings of an average device in the time in which a device that is not hot sends one. */
export function readingsEach({ every, hot }: FleetFile): number {
  return hot === undefined ? 1 : 1 + hot.share * (every / hot.every - 1);
}

/** How many of `devices` are hot: whole ones. */
export function hotDevices({ hot }: FleetFile, devices: number): number {
  return hot === undefined ? 0 : Math.round(hot.share * devices);
}

/** Readings of the whole fleet in one `every`. */
export function readingsPerRound(fleet: FleetFile, devices: number): number {
  const { every, hot } = fleet;
  if (hot === undefined) return devices;
  return devices + hotDevices(fleet, devices) * (every / hot.every - 1);
}
