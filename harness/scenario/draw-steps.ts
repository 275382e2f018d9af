/**
 * From the steps of a file to steps at moments. `between: [a, b], times: n` draws one moment in each of n equal
 * parts of the interval, so that no seed puts them all into one corner. Pure: seed, step and part decide.
 */
import { drawFrom, seedWord } from "../../simulator/scramble.ts";
import { faultKinds } from "./fault-target.ts";
import type { FaultStep } from "./scenario.ts";
import type { FaultEntry } from "./step-schema.ts";

export type DrawnStep = {
  readonly step: FaultStep;
  /** Of the file's step that it came from. */
  readonly index: number;
};

/** In the order of their times; at one time, in the order of the file. */
export function drawSteps(entries: readonly FaultEntry[], seed: number): readonly DrawnStep[] {
  return entries
    .flatMap((entry, index) =>
      momentsOf(entry, index, seed).map((atMs) => ({ step: stepAt(entry, atMs), index })),
    )
    .sort((a, b) => a.step.atMs - b.step.atMs);
}

/** Keeps these draws apart from those of the plan, which begins with the same seed. */
const purpose = 0xfa17;
const wordRange = 2 ** 32;

function momentsOf({ at, between, times = 1 }: FaultEntry, index: number, seed: number): number[] {
  if (between === undefined) return [at ?? 0];
  const [from, to] = between;
  const word = drawFrom(drawFrom(seedWord(seed), purpose), index + 1);
  const partMs = (to - from) / times;
  return Array.from({ length: times }, (_, part) => {
    const within = drawFrom(word, part + 1) / wordRange;
    return Math.floor(from + (part + within) * partMs);
  });
}

function stepAt(entry: FaultEntry, atMs: number): FaultStep {
  const kind = faultKinds.find((each) => entry[each] !== undefined) ?? "kill";
  const target = entry[kind] ?? "";
  const { for: forMs, every: everyMs = 0 } = entry;
  switch (kind) {
    case "pause":
    case "read-only":
      return { kind, target, atMs, forMs: forMs ?? 0 };
    case "rebalance":
      return { kind, target, atMs, everyMs, forMs: forMs ?? 0 };
    case "poison":
      return { kind, target, atMs, forMs };
    default:
      return { kind, target, atMs };
  }
}
