/** What the lines of the track record are put together from: arguments of `fleetproof run`, and what must come of it. */
import type { BugCase } from "./bug-case.ts";

export function set(...values: readonly string[]): readonly string[] {
  return values.flatMap((value) => ["--set", value]);
}

/** Fifty times the speed of life: a window of five minutes is over every six seconds. */
const quick = [
  ...["quick", "--rate", "20k/s"],
  // Nothing is read again at the end.
  ...set("load.warmUp=2s", "fleet.devices=4000", "thresholds={}", "replay=[]"),
];

export function live(...args: readonly (readonly string[])[]): BugCase["proof"] {
  return { kind: "live", args: [...quick, ...args.flat()] };
}

export function lasting(seconds: number): readonly string[] {
  return ["--for", `${seconds}s`];
}

export function faults(...steps: readonly string[]): readonly string[] {
  return set(`faults=[${steps.map((step) => `{ ${step} }`).join(", ")}]`);
}

/** The other store would only make the run longer. */
export const inElasticsearch = set("jobs=[jobs/elasticsearch.json]");

export function fail(...classes: BugCase["expected"]["classes"]): BugCase["expected"] {
  return { verdict: "FAIL", classes };
}
