/**
 * From the parsed file to the full scenario: what follows from other values is computed here. Pure.
 */
import { drawSteps } from "./draw-steps.ts";
import { type ReplayEntry, replayKinds } from "./replay-schema.ts";
import type { ReplayStep, Scenario, ScenarioJob } from "./scenario.ts";
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
    fleet: { devices, everyMs: fleet.every, timeScale },
    // From whole devices, so that what is planned is what is said.
    load: {
      ratePerSecond: (devices * timeScale * 1_000) / fleet.every,
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

/** rate = devices × timeScale ÷ every. */
export function pace({ fleet, load }: ScenarioFile): { devices: number; timeScale: number } {
  const everySeconds = fleet.every / 1_000;
  if (fleet.devices !== undefined && fleet.timeScale !== undefined) {
    return { devices: fleet.devices, timeScale: fleet.timeScale };
  }
  const readingsPerInterval = (load.rate ?? 0) * everySeconds;
  if (fleet.devices !== undefined) {
    return { devices: fleet.devices, timeScale: readingsPerInterval / fleet.devices };
  }
  const timeScale = fleet.timeScale ?? 1;
  return { devices: Math.round(readingsPerInterval / timeScale), timeScale };
}

function replayStep(entry: ReplayEntry): ReplayStep {
  const kind = replayKinds.find((each) => entry[each] !== undefined) ?? "rewind";
  const at = entry[kind];
  const step = { kind, atMs: at === "at-rest" ? undefined : at };
  return entry.clock === undefined ? step : { ...step, clockAheadMs: entry.clock };
}

/** An optional field that is not there, rather than one that is there and undefined. */
function withoutUndefined(stores: ScenarioFile["stores"]): Scenario["stores"] {
  return JSON.parse(JSON.stringify(stores));
}
