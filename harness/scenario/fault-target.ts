/**
 * What a fault step can aim at: the names of `summary.json`'s processes, the slot left out meaning 0, and the parts of
 * a run that have no slots. Which there are depends on what is done to them.
 */
import { definitionOf, type FaultKind } from "./fault-kinds/fault-catalogue.ts";
import { nearestName } from "./nearest-name.ts";
import { storeNames } from "./scenario.ts";

const stores: readonly string[] = storeNames;
const servers = ["kafka", ...stores];

/** What is wrong with a target as the scenario writes it; undefined: nothing. */
export function faultTargetFault(kind: FaultKind, target: string): string | undefined {
  const stage = stageOf(target);
  const { processes = [], wholes = [] } = definitionOf(kind);
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
  if (stageOf(target) !== target || wholesOf(kind).includes(target)) return target;
  return `${target}-0`;
}

/** Whether a step of this kind on this (sound) target is done to one process of the run. */
export function isOfProcess(kind: FaultKind, target: string): boolean {
  return definitionOf(kind).processes?.includes(stageOf(target)) === true;
}

export function isServer(target: string): boolean {
  return servers.includes(target);
}

/** `job-cassandra-1` → `job-cassandra`: the processes that do the same work. */
export function stageOf(target: string): string {
  return target.replace(/-\d+$/, "");
}

/**
 * The stage whose work a fault on the target interrupts: with a store stands still the job that fills it, with a link
 * the stage that reaches its server over it.
 */
export function workOf(target: string): string {
  const [stage = target, server] = target.split("/");
  if (server !== undefined) return stage;
  return stores.includes(target) ? `job-${target}` : stageOf(target);
}

/** The slot of a normal target. */
export function slotOf(target: string): number {
  return Number(/-(\d+)$/.exec(target)?.[1] ?? 0);
}

function wholesOf(kind: FaultKind): readonly string[] {
  return definitionOf(kind).wholes ?? [];
}
