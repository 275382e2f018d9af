/**
 * Which indices are past their days: made by this job, named by one of its statements to the letter, and holding
 * nothing younger. Pure; what merely looks like one of them is left alone.
 */
import type { RetirableIndex } from "../sink.ts";
import type { ListedIndex } from "./api.ts";
import type { IndexNames } from "./index-names.ts";
import type { RetirementSettings } from "./settings.ts";

const dayMs = 86_400_000;

/** What ended at this time or before is past its days. Nothing is without settings. */
export function pastBefore(retirement: RetirementSettings | undefined, nowMs: number): number {
  return retirement === undefined ? -Infinity : nowMs - retirement.afterDays * dayMs;
}

/** The oldest first. What is closed already is not due to be closed. */
export function dueIndices(
  listed: readonly ListedIndex[],
  options: {
    readonly names: readonly IndexNames[];
    readonly job: string;
    readonly retirement: RetirementSettings;
    readonly nowMs: number;
  },
): readonly RetirableIndex[] {
  const { names, job, retirement, nowMs } = options;
  const pastMs = pastBefore(retirement, nowMs);
  const due = new Map<string, RetirableIndex>();
  for (const { index, state, job: owner } of listed) {
    if (owner !== job || (state === "closed" && retirement.action === "close")) continue;
    const ends = names.map((one) => one.read(index)?.endMs).filter((end) => end !== undefined);
    // Two statements may share a target: the one that says it longer counts.
    const endMs = Math.max(...ends);
    if (ends.length > 0 && endMs <= pastMs) due.set(index, { index, endMs, state });
  }
  return [...due.values()].sort((a, b) => a.endMs - b.endMs || (a.index < b.index ? -1 : 1));
}
