/**
 * From the steps of a file to steps at moments. `between: [a, b], times: n` draws one moment in each of n equal
 * parts of the interval, so that no seed puts them all into one corner. Pure: seed, step and part decide.
 */
import { drawFrom, seedWord } from "../../simulator/scramble.ts";
import { type FaultStep, faultKinds } from "./fault-kinds/fault-catalogue.ts";
import { type Parameter, stepKeys } from "./fault-kinds/fault-definition.ts";
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

/** What the schema has let through has the parameters that its kind needs, and no others. */
function stepAt(entry: FaultEntry, atMs: number): FaultStep {
  const kind = faultKinds.find((each) => entry[each] !== undefined) ?? "kill";
  const parameters = Object.entries(stepKeys).flatMap(([key, name]) => {
    const value = entry[key as Parameter];
    return value === undefined ? [] : [[name, value]];
  });
  return { kind, target: entry[kind] ?? "", atMs, ...Object.fromEntries(parameters) } as FaultStep;
}
