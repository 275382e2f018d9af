/** Every fault that a scenario can ask for; each name is a key of a step in `faults`. */
import type { FaultDefinition, Parameter, stepKeys } from "./fault-definition.ts";
import { inputFaults } from "./input-faults.ts";
import { networkFaults } from "./network-faults.ts";
import { processFaults } from "./process-faults.ts";
import { serverFaults } from "./server-faults.ts";

const catalogue = { ...processFaults, ...networkFaults, ...serverFaults, ...inputFaults };

export type FaultKind = keyof typeof catalogue;

export const faultKinds = Object.keys(catalogue) as readonly FaultKind[];

export function definitionOf(kind: FaultKind): FaultDefinition {
  return catalogue[kind];
}

/** Whether a step of this kind needs the parameter, may have it, or neither. */
export function roleOf(kind: FaultKind, parameter: Parameter): "needed" | "taken" | "none" {
  const { needs, takes } = definitionOf(kind);
  if (needs?.[parameter] !== undefined) return "needed";
  return takes?.includes(parameter) === true ? "taken" : "none";
}

type Values = {
  for: number;
  every: number;
  by: number;
  jitter: number;
  to: number;
  bytes: number;
  way: "both" | "requests" | "responses";
  share: number;
  point: string;
  as: string;
};

type Needed<K extends FaultKind> = (typeof catalogue)[K] extends { needs: infer N }
  ? keyof N
  : never;
type Taken<K extends FaultKind> = (typeof catalogue)[K] extends { takes: readonly (infer T)[] }
  ? T
  : never;

/** `atMs`: wall milliseconds after the load (warm-up included) began. Times in ms, `share` 0..1. */
export type StepOf<K extends FaultKind> = {
  readonly kind: K;
  readonly target: string;
  readonly atMs: number;
} & { readonly [P in Needed<K> & Parameter as (typeof stepKeys)[P]]: Values[P] } & {
  readonly [P in Taken<K> & Parameter as (typeof stepKeys)[P]]?: Values[P] | undefined;
};

/**
 * What is done to a part of the run. `target`: a process as in `summary.json` (`aggregator-0`), a stage (the same
 * without its slot), a server (`cassandra`), a topic (`aggregated`), or a link (`aggregator/kafka`).
 */
export type FaultStep = { [K in FaultKind]: StepOf<K> }[FaultKind];
