/** What came of the mutants of one file, or of all. */
import type { Mutant } from "./mutate-file.ts";

export type Score = {
  readonly mutants: number;
  readonly noticed: number;
  /** Of the noticed ones: those that were ended by time, not by their steps or by a test. */
  readonly byTime: number;
};

export function scoreOf(mutants: readonly Mutant[]): Score {
  const judged = mutants.filter(({ status }) => status !== "Ignored");
  const byTime = judged.filter(
    ({ status, statusReason = "" }) => status === "Timeout" && !/hit limit/i.test(statusReason),
  );
  const alive = judged.filter(isAlive).length;
  return { mutants: judged.length, noticed: judged.length - alive, byTime: byTime.length };
}

/** Neither a failed test nor an end by steps or time: a test that broke for another reason decides nothing. */
export function isAlive({ status }: Mutant): boolean {
  return status !== "Ignored" && status !== "Killed" && status !== "Timeout";
}

export function percentOf({ mutants, noticed }: Score): number {
  return mutants === 0 ? 100 : (100 * noticed) / mutants;
}
