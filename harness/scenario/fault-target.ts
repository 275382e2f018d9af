/**
 * What a fault step can aim at: the names of `summary.json`'s processes, the slot left out meaning 0, and the parts of
 * a run that have no slots. Which there are depends on what is done to them.
 */
import { nearestName } from "./nearest-name.ts";
import { storeNames } from "./scenario.ts";

/** What a step does; each is a key of the scenario's `faults`. */
export const faultKinds = [
  "kill",
  "pause",
  "start",
  "stop",
  "restart",
  "drop-member",
  "read-only",
  "rebalance",
  "poison",
] as const;
export type FaultKind = (typeof faultKinds)[number];

const stores: readonly string[] = storeNames;
const jobs = stores.map((store) => `job-${store}`);
const stages = ["aggregator", ...jobs];
const servers = ["kafka", ...stores];

/** Instances of the generator own partitions: one is killed and goes on, but none is added or taken away. */
const processesOf: Readonly<Partial<Record<FaultKind, readonly string[]>>> = {
  kill: [...stages, "simulator"],
  pause: stages,
  start: stages,
  stop: stages,
  "drop-member": stages,
};

/** What is not one process among several: a job or a group as a whole, a server, a topic. */
const wholesOf: Readonly<Partial<Record<FaultKind, readonly string[]>>> = {
  pause: stores,
  restart: jobs,
  "read-only": ["elasticsearch"],
  rebalance: stages,
  poison: ["aggregated"],
};

/** What is wrong with a target as the scenario writes it; undefined: nothing. */
export function faultTargetFault(kind: FaultKind, target: string): string | undefined {
  const stage = stageOf(target);
  const [processes, wholes] = [processesOf[kind] ?? [], wholesOf[kind] ?? []];
  if (processes.includes(stage) || wholes.includes(target)) return undefined;
  const known = [...processes, ...wholes];
  const list = known.join(", ");
  if (wholes.includes(stage)) return `has no slots: write ${stage}`;
  if (servers.includes(stage)) return `to ${kind} ${stage} is not offered yet; there are ${list}`;
  if (stage === "simulator") return `a simulator worker can only be killed; there are ${list}`;
  const nearest = nearestName(stage, known);
  return nearest === undefined
    ? `no such target; there are ${list}`
    : `no such target; did you mean ${nearest}?`;
}

/** `aggregator` → `aggregator-0` where a process is meant; what is a whole stays as it is. */
export function normalTarget(kind: FaultKind, target: string): string {
  if (stageOf(target) !== target || wholesOf[kind]?.includes(target) === true) return target;
  return `${target}-0`;
}

/** Whether a step of this kind on this (sound) target is done to one process of the run. */
export function isOfProcess(kind: FaultKind, target: string): boolean {
  return processesOf[kind]?.includes(stageOf(target)) === true;
}

/** `job-cassandra-1` → `job-cassandra`: the processes that do the same work. */
export function stageOf(target: string): string {
  return target.replace(/-\d+$/, "");
}

/** The stage whose work a fault on the target interrupts: with a store stands still the job that fills it. */
export function workOf(target: string): string {
  return stores.includes(target) ? `job-${target}` : stageOf(target);
}

/** The slot of a normal target. */
export function slotOf(target: string): number {
  return Number(/-(\d+)$/.exec(target)?.[1] ?? 0);
}
