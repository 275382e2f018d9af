/**
 * From the parsed file to the full scenario: what follows from other values is computed here. Pure.
 */
import { drawSteps } from "./draw-steps.ts";
import { hotDevices, readingsEach, readingsPerRound } from "./hot-devices.ts";
import { replayStep } from "./replay-steps.ts";
import type { Scenario, ScenarioJob } from "./scenario.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import type { Threshold } from "./thresholds.ts";

/** `file` must have passed the cross checks: two of rate, devices and timeScale are given. */
export function resolveScenario(
  file: ScenarioFile,
  jobs: readonly ScenarioJob[],
  thresholds: readonly Threshold[],
): Scenario {
  const { fleet, load, window } = file;
  const { devices, timeScale } = pace(file);
  return {
    name: file.name,
    seed: file.seed,
    fleet: { devices, everyMs: fleet.every, timeScale, ...hotOf(file, devices) },
    // From whole devices, so that what is planned is what is said.
    load: {
      ratePerSecond: (readingsPerRound(fleet, devices) * timeScale * 1_000) / fleet.every,
      forMs: load.for,
      warmUpMs: load.warmUp,
    },
    time: file.time,
    readings: file.readings,
    topics: file.topics,
    window: {
      sizeMs: window.size,
      graceMs: window.grace,
      retentionMs: window.retention,
      aheadMs: window.ahead,
      quorum: window.quorum,
    },
    simulator: file.simulator,
    jobs,
    faults: drawSteps(file.faults, file.seed).map(({ step }) => step),
    replay: file.replay.map(replayStep),
    stores: withoutUndefined(file.stores),
    thresholds,
  };
}

function hotOf({ fleet }: ScenarioFile, devices: number): Pick<Scenario["fleet"], "hot"> {
  const { hot } = fleet;
  if (hot === undefined) return {};
  const { share, every } = hot;
  return { hot: { devices: hotDevices(fleet, devices), share, everyMs: every } };
}

/** rate = devices × timeScale ÷ every, hot devices counting for as many as they are worth. */
export function pace({ fleet, load }: ScenarioFile): { devices: number; timeScale: number } {
  const everySeconds = fleet.every / 1_000;
  if (fleet.devices !== undefined && fleet.timeScale !== undefined) {
    return { devices: fleet.devices, timeScale: fleet.timeScale };
  }
  const readingsPerInterval = (load.rate ?? 0) * everySeconds;
  if (fleet.devices !== undefined) {
    const inRound = readingsPerRound(fleet, fleet.devices);
    return { devices: fleet.devices, timeScale: readingsPerInterval / inRound };
  }
  const timeScale = fleet.timeScale ?? 1;
  const devices = Math.round(readingsPerInterval / timeScale / readingsEach(fleet));
  return { devices, timeScale };
}

/** An optional field that is not there, rather than one that is there and undefined. */
function withoutUndefined(stores: ScenarioFile["stores"]): Scenario["stores"] {
  return JSON.parse(JSON.stringify(stores));
}
