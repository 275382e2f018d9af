/** A thread that plays its share of the seeds, one after the other, and tells what came of them. */
import { parentPort, workerData } from "node:worker_threads";
import {
  plantInCassandra,
  plantInElasticsearch,
  plantInJobClock,
  plantInKafka,
  plantInSink,
} from "#planted";
import { noEffects } from "./gate.ts";
import { type SeedResult, simulateSeed } from "./simulate-seed.ts";
import { simulatedFleet } from "./simulated-fleet.ts";
import { type Plant, prepareSimulation } from "./simulated-stages.ts";

export type Share = {
  /** Every `step`-th seed from `from` on, below `end`. */
  readonly from: number;
  readonly step: number;
  readonly end: number;
  /** Whether the bug that the environment names is planted. */
  readonly isPlanted: boolean;
};

/** `failed`: the schedules that were not judged PASS. */
export type Tidings = {
  readonly done: number;
  readonly virtualMs: number;
  readonly troubles: number;
  readonly failed: readonly SeedResult[];
};

const planted: Plant = {
  kafka: plantInKafka,
  sink: plantInSink,
  elasticsearch: plantInElasticsearch,
  cassandra: plantInCassandra,
  jobClock: plantInJobClock,
};

/** Seeds between two messages: some tenth of a second. */
const seedsInMessage = 10;

async function playShare({ from, step, end, isPlanted }: Share): Promise<void> {
  // Every refused call makes an error, whose stack costs more than the call. A seed played alone has them.
  if (end - from > step) Error.stackTraceLimit = 0;
  const setup = prepareSimulation(simulatedFleet());
  const plant: Plant = isPlanted ? planted : {};
  let results: SeedResult[] = [];
  const tell = (): void => {
    const tidings: Tidings = {
      done: results.length,
      virtualMs: results.reduce((sum, { virtualMs }) => sum + virtualMs, 0),
      troubles: results.reduce((sum, { effects }) => sum + troublesOf(effects), 0),
      failed: results.filter(({ verdict }) => verdict !== "PASS"),
    };
    parentPort?.postMessage(tidings);
    results = [];
  };
  for (let seed = from; seed < end; seed += step) {
    results.push(await simulateSeed(setup, seed, plant).catch((error) => broken(seed, error)));
    if (results.length === seedsInMessage) tell();
  }
  tell();
}

function troublesOf(effects: SeedResult["effects"]): number {
  return Object.values(effects).reduce((sum, count) => sum + count, 0);
}

/** What the schedule itself fell over is a finding too: the simulation or the pipeline did what neither may. */
function broken(seed: number, error: unknown): SeedResult {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const nothing = { trace: "", virtualMs: 0, effects: noEffects() };
  return { seed, verdict: "FAIL", classes: ["broken"], why: [why], ...nothing };
}

await playShare(workerData as Share);
