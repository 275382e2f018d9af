/** The replays of a scenario between the file and the run: from an entry to a step, and back to text. Pure. */
import { type ReplayEntry, replayKinds } from "./replay-schema.ts";
import type { ReplayReach, ReplayStep } from "./scenario.ts";
import { printDuration } from "./units.ts";

/** What the schema has let through holds exactly one kind and the options of that kind. */
export function replayStep(entry: ReplayEntry): ReplayStep {
  const kind = replayKinds.find((each) => entry[each] !== undefined) ?? "rewind";
  const at = entry[kind];
  const atMs = at === "at-rest" ? undefined : at;
  switch (kind) {
    case "rewind": {
      const { clock, times, store, restart } = entry;
      const reach = reachOf(entry);
      return {
        kind,
        atMs,
        ...(clock === undefined ? {} : { clockAheadMs: clock }),
        ...(times === undefined ? {} : { times }),
        ...(store === undefined ? {} : { store }),
        ...(restart === true ? { restart } : {}),
        ...(reach === undefined ? {} : { reach }),
      };
    }
    case "new-store":
      return { kind, atMs };
    case "rebuild":
      return { kind, atMs, store: entry.store ?? "elasticsearch" };
    case "re-aggregate":
      return { kind, atMs, into: entry.into ?? "fresh" };
    case "re-produce":
      return {
        kind,
        atMs,
        order: entry.order ?? "same",
        ...(entry.speed === undefined ? {} : { speed: entry.speed }),
      };
  }
}

function reachOf({ partition, from, last }: ReplayEntry): ReplayReach | undefined {
  if (partition === undefined && from === undefined && last === undefined) return undefined;
  const begin = last === undefined ? from : { lastMs: last };
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(begin === undefined ? {} : { begin }),
  };
}

/** As a file writes it. */
export function printReplay(step: ReplayStep): Readonly<Record<string, unknown>> {
  const { kind, atMs } = step;
  return { [kind]: atMs === undefined ? "at-rest" : printDuration(atMs), ...printOptions(step) };
}

/** `rewind at-rest +1d`, `rewind 15s, partition 3`, `re-produce at-rest, order other`. */
export function modeOf(step: ReplayStep): string {
  const { kind, atMs } = step;
  const { clock, times: _each, ...others } = printOptions(step);
  const head = `${kind} ${atMs === undefined ? "at-rest" : printDuration(atMs)}`;
  const options = Object.entries(others).map(([name, value]) =>
    value === true ? name : `${name} ${value}`,
  );
  return [clock === undefined ? head : `${head} ${clock}`, ...options].join(", ");
}

function printOptions(step: ReplayStep): Readonly<Record<string, unknown>> {
  switch (step.kind) {
    case "rewind": {
      const { clockAheadMs, times, store, restart, reach = {} } = step;
      const { partition, begin } = reach;
      return {
        ...(clockAheadMs === undefined ? {} : { clock: `+${printDuration(clockAheadMs)}` }),
        ...(partition === undefined ? {} : { partition }),
        ...printBegin(begin),
        ...(times === undefined ? {} : { times }),
        ...(store === undefined ? {} : { store }),
        ...(restart === undefined ? {} : { restart }),
      };
    }
    case "new-store":
      return {};
    case "rebuild":
      return { store: step.store };
    case "re-aggregate":
      return { into: step.into };
    case "re-produce":
      return {
        order: step.order,
        ...(step.speed === undefined ? {} : { speed: `${step.speed}x` }),
      };
  }
}

function printBegin(begin: ReplayReach["begin"]): Readonly<Record<string, unknown>> {
  if (begin === undefined) return {};
  if ("offset" in begin) return { from: begin.offset };
  return "lastMs" in begin
    ? { last: printDuration(begin.lastMs) }
    : { from: printDuration(begin.afterMs) };
}
