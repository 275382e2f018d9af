/**
 * What a fault step can aim at: the names of `summary.json`'s processes, the slot left out meaning
 * 0.
 */
import { nearestName } from "./nearest-name.ts";
import { storeNames } from "./scenario.ts";

const kinds = ["aggregator", ...storeNames.map((store) => `job-${store}`)];
const later = ["simulator", "kafka", ...storeNames];

export function isFaultTarget(target: string): boolean {
  return kinds.includes(kindOf(target));
}

/** `aggregator` → `aggregator-0`. */
export function normalTarget(target: string): string {
  return kindOf(target) === target ? `${target}-0` : target;
}

export function faultTargetFault(target: string): string {
  const kind = kindOf(target);
  if (later.includes(kind)) return `to kill ${kind} is not offered yet; there are ${list()}`;
  const nearest = nearestName(kind, kinds);
  return nearest === undefined
    ? `no such target; there are ${list()}`
    : `no such target; did you mean ${nearest}?`;
}

function kindOf(target: string): string {
  return target.replace(/-\d+$/, "");
}

function list(): string {
  return kinds.join(", ");
}
