/**
 * What a fault step can aim at: the names of `summary.json`'s processes, the slot left out meaning 0. Which
 * processes there are depends on what is done to them.
 */
import { nearestName } from "./nearest-name.ts";
import { storeNames } from "./scenario.ts";

/** What a step does; each is a key of the scenario's `faults`. */
export const faultKinds = ["kill", "pause", "start", "stop"] as const;
export type FaultKind = (typeof faultKinds)[number];

const jobs = ["aggregator", ...storeNames.map((store) => `job-${store}`)];
const servers = ["kafka", ...storeNames];

/** Instances of the generator own partitions: one is killed and goes on, but none is added or taken away. */
const targetsOf = {
  kill: [...jobs, "simulator"],
  pause: jobs,
  start: jobs,
  stop: jobs,
} as const satisfies Record<FaultKind, readonly string[]>;

/** What is wrong with a target as the scenario writes it; undefined: nothing. */
export function faultTargetFault(kind: FaultKind, target: string): string | undefined {
  const stage = stageOf(target);
  const known: readonly string[] = targetsOf[kind];
  if (known.includes(stage)) return undefined;
  const list = known.join(", ");
  if (servers.includes(stage)) return `to ${kind} ${stage} is not offered yet; there are ${list}`;
  if (stage === "simulator") return `a simulator worker can only be killed; there are ${list}`;
  const nearest = nearestName(stage, known);
  return nearest === undefined
    ? `no such target; there are ${list}`
    : `no such target; did you mean ${nearest}?`;
}

/** `aggregator` → `aggregator-0`. */
export function normalTarget(target: string): string {
  return stageOf(target) === target ? `${target}-0` : target;
}

/** `job-cassandra-1` → `job-cassandra`: the processes that do the same work. */
export function stageOf(target: string): string {
  return target.replace(/-\d+$/, "");
}

/** The slot of a normal target. */
export function slotOf(target: string): number {
  return Number(/-(\d+)$/.exec(target)?.[1] ?? 0);
}
