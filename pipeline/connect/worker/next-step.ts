/**
 * What is to be done with a job next, so that what runs becomes what is wanted: one step at a time,
 * looked at again after each. Pure.
 */
import type { ClusterView } from "./cluster-view.ts";
import type { TargetState } from "./herder.ts";

export type WantedJob = {
  readonly properties: Readonly<Record<string, string>>;
  readonly target: TargetState;
};

/** A job whose config was taken up: its tasks run, have failed, or could not be begun. */
export type LoadedJob = {
  readonly properties: Readonly<Record<string, string>>;
  readonly paused: boolean;
};

export type JobStep =
  | {
      readonly kind: "start";
      readonly properties: Readonly<Record<string, string>>;
      readonly paused: boolean;
    }
  | { readonly kind: "stop" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

/** What a worker of `group` is to do with the job; undefined: nothing of it. */
export function wantedJob(view: ClusterView, name: string, group: string): WantedJob | undefined {
  const config = view.configs.get(name);
  if (config === undefined || config.group !== group) return undefined;
  return { properties: config.properties, target: view.targets.get(name) ?? "RUNNING" };
}

/**
 * undefined: nothing is to be done. A changed config is a stop, then a start: never two sets of
 * tasks at once.
 */
export function nextStep(
  loaded: LoadedJob | undefined,
  wanted: WantedJob | undefined,
): JobStep | undefined {
  if (wanted === undefined || wanted.target === "STOPPED") return loaded && { kind: "stop" };
  const paused = wanted.target === "PAUSED";
  if (loaded === undefined) return { kind: "start", properties: wanted.properties, paused };
  if (!sameProperties(loaded.properties, wanted.properties)) return { kind: "stop" };
  if (loaded.paused !== paused) return { kind: paused ? "pause" : "resume" };
  return undefined;
}

/** Order does not count: a config that was written again as it was changes nothing. */
export function sameProperties(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
