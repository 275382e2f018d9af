/** A worker of the fleet as a slot of the run: its name, its files, its config. The same for each of its lives. */
import { readFileSync } from "node:fs";
import type { PlanOptions } from "../../../simulator/plan.ts";
import type { WorkerConfigFile } from "../../../simulator/worker-config.ts";
import type { WorkerResult } from "../../../simulator/worker-protocol.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { entryFiles } from "../entry-file.ts";
import type { SlotSpec } from "../process-slots.ts";
import type { RunFolder } from "../run-folder.ts";

export type FleetOptions = {
  readonly scenario: Scenario;
  readonly plan: PlanOptions;
  readonly bootstrap: string;
  readonly topic: string;
  readonly folder: RunFolder;
};

/**
 * Everything else runs below the generator; where we may (as root), the generator is raised as well: beside servers
 * that fill every core, the wait for a core was most of its lag (p99 of the event loop 13 ms).
 */
const generatorNice = process.getuid?.() === 0 ? -10 : 0;

export const workerName = (worker: number): string => `simulator-${worker}`;

export const ackFileOf = (folder: RunFolder, worker: number): string =>
  folder.facts(`acks-${worker}.ndjson`);

const resultFileOf = (folder: RunFolder, worker: number): string =>
  folder.facts(`worker-${worker}.json`);

/** Writes the worker's config. Errors: the file system's. */
export function workerSlot(options: FleetOptions, worker: number): SlotSpec {
  const { folder } = options;
  const name = workerName(worker);
  return {
    name,
    entry: entryFiles.worker,
    args: [folder.writeConfig(`${name}.json`, workerConfig(options, worker))],
    logFile: folder.log(name),
    nice: generatorNice,
  };
}

/** Errors: the file system's, for a worker that ended before it wrote one. */
export function readWorkerResult(folder: RunFolder, worker: number): WorkerResult {
  return JSON.parse(readFileSync(resultFileOf(folder, worker), "utf8")) as WorkerResult;
}

function workerConfig(options: FleetOptions, worker: number): WorkerConfigFile {
  const { scenario, plan, bootstrap, topic, folder } = options;
  return {
    plan,
    bootstrap,
    topic,
    worker,
    workers: scenario.simulator.workers,
    client: scenario.simulator.client,
    timeScale: scenario.fleet.timeScale,
    warmUpMs: scenario.load.warmUpMs,
    ackFile: ackFileOf(folder, worker),
    intentFile: folder.facts(`intents-${worker}.ndjson`),
    partialFile: folder.facts(`worker-${worker}.partial.json`),
    resultFile: resultFileOf(folder, worker),
  };
}
