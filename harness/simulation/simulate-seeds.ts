/** Many schedules, on several threads. Each is a function of its seed alone, so the threads change no result. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { SeedResult } from "./simulate-seed.ts";
import type { Share, Tidings } from "./simulate-worker.ts";

export type Simulation = {
  readonly done: number;
  readonly virtualMs: number;
  /** Calls that were refused, slow, lost, late, or the last of their instance. */
  readonly troubles: number;
  /** How many were not judged PASS. */
  readonly failures: number;
  /** By seed; not all of them when they are very many. */
  readonly failed: readonly SeedResult[];
};

/** What is kept of failures: of a bug that every seed finds, ten thousand reports would say nothing more. */
const failuresMax = 1_000;

/**
 * A schedule leaves some megabytes behind, nearly all of it garbage: the more of them one collection clears, the less
 * is copied each time. A sixth of the time of a thread with the default of 48 MB.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

/** tsc rewrites the endings of imports but not of URLs: ours says which it is. */
const entry = new URL(`./simulate-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * `bug`: its name in FLEETPROOF_PLANTED_BUG. `onProgress` is called with the sums so far. Errors: whatever a thread
 * falls over before its first schedule.
 */
export async function simulateSeeds(options: {
  readonly from: number;
  readonly seeds: number;
  readonly threads: number;
  readonly bug: string | undefined;
  readonly onProgress: (soFar: Simulation) => void;
}): Promise<Simulation> {
  const { from, seeds, threads, bug, onProgress } = options;
  let sums: Simulation = { done: 0, virtualMs: 0, troubles: 0, failures: 0, failed: [] };
  const add = ({ done, virtualMs, troubles, failed }: Tidings): void => {
    const room = failuresMax - sums.failed.length;
    sums = {
      done: sums.done + done,
      virtualMs: sums.virtualMs + virtualMs,
      troubles: sums.troubles + troubles,
      failures: sums.failures + failed.length,
      failed: room > 0 ? [...sums.failed, ...failed.slice(0, room)] : sums.failed,
    };
    onProgress(sums);
  };
  const shares = Array.from({ length: threads }, (_, thread): Share => {
    return { from: from + thread, step: threads, end: from + seeds, isPlanted: bug !== undefined };
  });
  const env = bug === undefined ? process.env : { ...process.env, FLEETPROOF_PLANTED_BUG: bug };
  await Promise.all(shares.map((share) => playShare(share, env, add)));
  return { ...sums, failed: [...sums.failed].sort((a, b) => a.seed - b.seed) };
}

function playShare(
  share: Share,
  env: NodeJS.ProcessEnv,
  onTidings: (tidings: Tidings) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: share, env, resourceLimits });
    worker.on("message", onTidings);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of the simulation ended with code ${code}`));
    });
  });
}
