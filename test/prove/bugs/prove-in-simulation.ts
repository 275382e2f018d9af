/**
 * One case in the simulation: seeds, a few at first, until one of them is found to be what the case
 * declares.
 */
import { availableParallelism } from "node:os";
import type { SeedResult } from "../../../harness/simulation/simulate-seed.ts";
import { simulateSeeds } from "../../../harness/simulation/simulate-seeds.ts";
import type { Clock } from "../../../pipeline/clock.ts";
import type { BugCase } from "./bug-case.ts";
import { type CaseResult, isProven, proofOf } from "./case-result.ts";

const firstSeeds = 20;
const threadsMost = 2;
/**
 * Where so many schedules fail otherwise than is declared, the declaration is wrong, and not the
 * bug rare.
 */
const failuresMost = 100;

/**
 * `bug`: the case's, or `none`, with which all the seeds are played. NODE_OPTIONS must hold
 * `--conditions=planted`: the threads take it from the environment.
 */
export async function proveInSimulation(
  bugCase: BugCase,
  bug: string,
  seedsMost: number,
  clock: Clock,
): Promise<CaseResult> {
  const begunMs = clock.monotonicMs();
  const common = { id: bugCase.id, bug, proofOf: proofOf(bugCase) };
  const threads = Math.min(threadsMost, availableParallelism());
  const onProgress = (): void => undefined;
  let failed = 0;
  let last: SeedResult | undefined;
  let done = 0;
  for (let seeds = firstSeeds; done < seedsMost && failed < failuresMost; seeds = done) {
    const many = Math.min(seeds, seedsMost - done);
    const played = await simulateSeeds({ from: done + 1, seeds: many, threads, bug, onProgress });
    done += many;
    failed += played.failures;
    last = played.failed[0] ?? last;
    const seconds = (clock.monotonicMs() - begunMs) / 1_000;
    for (const { seed, verdict, classes } of played.failed) {
      const until = `seed ${seed}; ${failed} of ${done}`;
      const result = { ...common, verdict, classes, until, seconds, why: [] };
      if (bug === bugCase.bug && isProven(bugCase, result)) return result;
    }
  }
  const seconds = (clock.monotonicMs() - begunMs) / 1_000;
  const { verdict = "PASS", classes = [], why = [] } = last ?? {};
  return { ...common, verdict, classes, until: `${failed} of ${done}`, seconds, why };
}
