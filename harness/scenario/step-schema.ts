/**
 * The steps of `faults` as a file writes them: which keys belong together within one step, as the catalogue says. What
 * steps must agree on with one another and with the load is in `fault-checks.ts`.
 */
import * as z from "zod";
import { crashPointFault } from "./fault-kinds/crash-point-names.ts";
import { definitionOf, type FaultKind, faultKinds, roleOf } from "./fault-kinds/fault-catalogue.ts";
import { type Parameter, stepKeys } from "./fault-kinds/fault-definition.ts";
import { faultTargetFault, normalTarget, stageOf } from "./fault-target.ts";
import { bytesPerSecond, duration, positive, share, whole } from "./unit-schema.ts";

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

const targets = Object.fromEntries(faultKinds.map((kind) => [kind, target(kind)])) as Readonly<
  Record<FaultKind, ReturnType<typeof target>>
>;

const parameters = {
  for: positive.optional(),
  every: positive.optional(),
  by: positive.optional(),
  jitter: duration.optional(),
  to: bytesPerSecond.optional(),
  bytes: whole(0).optional(),
  way: z
    .enum(["both", "requests", "responses"], {
      error: "must be one of both, requests, responses",
    })
    .optional(),
  share: share.optional(),
  point: z.string({ error: "must be the name of a crash point" }).optional(),
  as: z.string({ error: "must be a word" }).optional(),
} satisfies Record<Parameter, z.ZodType>;

const parameterNames = Object.keys(stepKeys) as readonly Parameter[];

const faultKeys = z.strictObject({
  at: duration.optional(),
  between: z
    .tuple([duration, duration], { error: "must be two times, for example [4s, 18s]" })
    .optional(),
  times: whole(1, 1_000).optional(),
  ...targets,
  ...parameters,
});

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
  if (first !== undefined) faults.push(...parameterFaults(step, first));
  return faults;
}

function parameterFaults(step: FaultEntry, kind: FaultKind): [keyof FaultEntry, string][] {
  const { needs = {}, forms } = definitionOf(kind);
  const faults: [keyof FaultEntry, string][] = [];
  for (const name of parameterNames) {
    const role = roleOf(kind, name);
    if (role === "needed" && step[name] === undefined) {
      faults.push([kind, `needs ${name}: ${needs[name]}`]);
    }
    if (role === "none" && step[name] !== undefined) {
      faults.push([name, `belongs to ${kindsWith(name)}; ${kind} has none`]);
    }
  }
  const { every, for: forMs, as } = step;
  if (kind === "rebalance" && every !== undefined && forMs !== undefined && forMs < 2 * every) {
    faults.push(["for", "must be at least 2 × every: the stranger joins, and leaves"]);
  }
  if (kind === "poison" && step.poison === "raw" && forMs !== undefined) {
    const message = "is for jobs that fail on a poison: the aggregator rejects it by itself";
    faults.push(["for", message]);
  }
  if (as !== undefined && forms !== undefined && !forms.includes(as)) {
    faults.push(["as", `must be one of ${forms.join(", ")}`]);
  }
  const { [kind]: aim, point } = step;
  if (aim !== undefined && point !== undefined && roleOf(kind, "point") !== "none") {
    const message = crashPointFault(stageOf(aim), point);
    if (message !== undefined) faults.push(["point", message]);
  }
  return faults;
}

function kindsWith(name: Parameter): string {
  const kinds = faultKinds.filter((kind) => roleOf(kind, name) !== "none");
  return kinds.length === 0 ? "no kind" : kinds.join(", ");
}
