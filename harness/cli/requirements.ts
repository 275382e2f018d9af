/** What a scenario will ask of the machine, as its disk and its memory are reckoned. Upper bounds. */
import type { Scenario } from "../scenario/scenario.ts";
import type { DiskLoad } from "../stack/disk.ts";
import type { MemoryLoad } from "./memory-needed.ts";

/** Encoded, without key and framing. */
const readingBytes = { avro: 47, json: 190 } as const;
/** Revisions beside the first emissions. */
const revisionsMost = 1.1;

export function diskLoadOf(scenario: Scenario): DiskLoad {
  const { load, fleet, readings, replay } = scenario;
  const seconds = (load.warmUpMs + load.forMs) / 1_000;
  return {
    readings: seconds * load.ratePerSecond * (1 + readings.duplicated),
    aggregates: fleet.devices * windowsOf(scenario) * revisionsMost,
    bytesPerReading: readingBytes[readings.format],
    // What they begin with, and of each what it finds and what it leaves.
    heldScans: replay.length === 0 ? 0 : 1 + 2 * replay.length,
  };
}

/** `ownServers`: they are started for this run. */
export function memoryLoadOf(scenario: Scenario, ownServers: boolean): MemoryLoad {
  const { fleet, window, topics, simulator, jobs } = scenario;
  const windows = windowsOf(scenario);
  return {
    devices: fleet.devices,
    windows: fleet.devices * windows,
    openWindows: Math.min(windows, 1 + Math.ceil(window.retentionMs / window.sizeMs)),
    partitions: topics.partitions,
    workers: simulator.workers,
    jobs: jobs.reduce((sum, job) => sum + job.workers, 0),
    ownServers,
  };
}

/** Of one device: those that the load touches. */
function windowsOf({ load, fleet, time, window }: Scenario): number {
  const eventMs = (load.warmUpMs + load.forMs) * fleet.timeScale;
  const first = Math.floor(time.start / window.sizeMs);
  return Math.ceil((time.start + eventMs) / window.sizeMs) - first;
}
