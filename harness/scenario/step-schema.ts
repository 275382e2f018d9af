/**
 * The steps of `faults` and `replay` as a file writes them: which keys belong together within one step. What steps
 * must agree on with one another and with the load is in `fault-checks.ts`.
 */
import * as z from "zod";
import { type FaultKind, faultKinds, faultTargetFault, normalTarget } from "./fault-target.ts";
import { duration, positive, whole } from "./unit-schema.ts";
import { readDuration } from "./units.ts";

function target(kind: FaultKind) {
  return z
    .string({ error: `must name what to ${kind}` })
    .superRefine((name, context) => {
      const message = faultTargetFault(kind, name);
      if (message !== undefined) context.addIssue({ code: "custom", message, input: name });
    })
    .transform((name) => normalTarget(kind, name))
    .optional();
}

const faultKeys = z.strictObject({
  at: duration.optional(),
  between: z
    .tuple([duration, duration], { error: "must be two times, for example [4s, 18s]" })
    .optional(),
  times: whole(1, 1_000).optional(),
  kill: target("kill"),
  pause: target("pause"),
  start: target("start"),
  stop: target("stop"),
  restart: target("restart"),
  "drop-member": target("drop-member"),
  "read-only": target("read-only"),
  rebalance: target("rebalance"),
  poison: target("poison"),
  for: positive.optional(),
  every: positive.optional(),
} satisfies Record<FaultKind, z.ZodType> & z.ZodRawShape);

export type FaultEntry = z.output<typeof faultKeys>;

export const faultSchema = faultKeys.superRefine((step, context) => {
  for (const [key, message] of stepFaults(step)) {
    const path = key === undefined ? [] : [key];
    context.addIssue({ code: "custom", message, path, input: step });
  }
});

/** Each with the key at which it is shown, or none for the step as a whole. */
function stepFaults(step: FaultEntry): [keyof FaultEntry | undefined, string][] {
  const { at, between, times } = step;
  const faults: [keyof FaultEntry | undefined, string][] = [];
  const kinds = faultKinds.filter((kind) => step[kind] !== undefined);
  const [first, second] = kinds;
  if (first === undefined) {
    faults.push([undefined, `does nothing: one of ${faultKinds.join(", ")} is needed`]);
  }
  if (second !== undefined) {
    faults.push([second, `stands beside ${first}: each is a step of its own`]);
  }
  if (at === undefined && between === undefined) {
    faults.push([undefined, "needs its time: at (14s) or between ([4s, 18s])"]);
  }
  if (at !== undefined && between !== undefined) {
    faults.push(["between", "stands beside at: a step has one of them"]);
  }
  if (between !== undefined && between[0] >= between[1]) {
    faults.push(["between", "must go from an earlier time to a later one"]);
  }
  if (times !== undefined && between === undefined) {
    faults.push(["times", "needs between: moments are drawn from an interval"]);
  }
  if (first !== undefined) faults.push(...lengthFaults(step, first));
  return faults;
}

/** What each kind asks of `for`; the others have no length of their own. */
const lengths: Readonly<Partial<Record<FaultKind, string>>> = {
  pause: "how long it is stopped",
  "read-only": "how long nothing can be written",
  rebalance: "how long the stranger comes and goes",
};

function lengthFaults(step: FaultEntry, kind: FaultKind): [keyof FaultEntry, string][] {
  const faults: [keyof FaultEntry, string][] = [];
  const length = lengths[kind];
  if (length !== undefined && step.for === undefined) faults.push([kind, `needs for: ${length}`]);
  if (length === undefined && kind !== "poison" && step.for !== undefined) {
    const list = Object.keys(lengths).join(", ");
    faults.push(["for", `belongs to ${list} and poison; ${kind} has no length`]);
  }
  const { every, for: forMs } = step;
  if (kind !== "rebalance") {
    if (every !== undefined) faults.push(["every", "belongs to rebalance alone"]);
  } else if (every === undefined) {
    faults.push([kind, "needs every: how often the stranger joins or leaves"]);
  } else if (forMs !== undefined && forMs < 2 * every) {
    faults.push(["for", "must be at least 2 × every: the stranger joins, and leaves"]);
  }
  return faults;
}

const replayTime = z
  .union([z.string(), z.number()], { error: "must be at-rest or a time" })
  .transform((value, context): number | "at-rest" => {
    if (value === "at-rest") return value;
    const parsed = readDuration(value);
    if ("value" in parsed) return parsed.value;
    const message = `is neither at-rest nor a time: ${parsed.fault}`;
    context.addIssue({ code: "custom", message, input: value });
    return z.NEVER;
  })
  .optional();

/** `+1d`: ahead of where the jobs' clock is. */
const clockAhead = z
  .string({ error: "must be a length of time ahead, for example +1d" })
  .transform((value, context): number => {
    const parsed = value.startsWith("+") ? readDuration(value.slice(1)) : undefined;
    if (parsed !== undefined && "value" in parsed && parsed.value > 0) return parsed.value;
    const message = "is no length of time ahead: write +1d or +36h";
    context.addIssue({ code: "custom", message, input: value });
    return z.NEVER;
  })
  .optional();

const replayKeys = z.strictObject({
  rewind: replayTime,
  "new-store": replayTime,
  clock: clockAhead,
});

export type ReplayEntry = z.output<typeof replayKeys>;

export const replayKinds = ["rewind", "new-store"] as const;

export const replaySchema = replayKeys.superRefine((step, context) => {
  const kinds = replayKinds.filter((kind) => step[kind] !== undefined);
  if (step.clock !== undefined && step.rewind !== "at-rest") {
    const clock = "belongs to rewind: at-rest: under load the jobs' clock goes with the fleet's";
    context.addIssue({ code: "custom", message: clock, path: ["clock"], input: step });
  }
  if (kinds.length === 1) return;
  const message =
    kinds.length === 0
      ? `does nothing: one of ${replayKinds.join(", ")} is needed`
      : `holds ${kinds.join(" and ")}: each is a step of its own`;
  context.addIssue({ code: "custom", message, input: step });
});
