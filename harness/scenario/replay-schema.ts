/** The steps of `replay` as a file writes them: which keys belong together within one step. */
import * as z from "zod";
import { storeNames } from "./scenario.ts";
import { positive, whole } from "./unit-schema.ts";
import { readDuration } from "./units.ts";

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

/** `12s`: what was written from then on, after the load began. `500`: that offset of each partition. */
const beginning = z
  .union([z.string(), z.number()], { error: "must be a time after the load began, or an offset" })
  .transform((value, context): { readonly offset: number } | { readonly afterMs: number } => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
      return { offset: value };
    }
    const parsed = typeof value === "string" ? readDuration(value) : undefined;
    if (parsed !== undefined && "value" in parsed) return { afterMs: parsed.value };
    const message = "is neither a time after the load began (12s) nor an offset (500)";
    context.addIssue({ code: "custom", message, input: value });
    return z.NEVER;
  })
  .optional();

/** `10x`: so many times the load's rate. */
const speed = z
  .string({ error: "must be a multiple of the load's rate, for example 10x" })
  .regex(/^[1-9]\d{0,2}(\.\d+)?x$/, "is no multiple of the load's rate: write 10x")
  .transform((text) => Number(text.slice(0, -1)))
  .optional();

/** Each time, all jobs read the whole topic: a limit against a slip of the pen. */
const timesMax = 10;

const options = {
  clock: clockAhead,
  partition: whole(0).optional(),
  from: beginning,
  last: positive.optional(),
  times: whole(1, timesMax).optional(),
  store: z.enum(storeNames, { error: `must be one of ${storeNames.join(", ")}` }).optional(),
  restart: z.boolean({ error: "must be true or false" }).optional(),
  into: z.enum(["fresh", "aggregated"], { error: "must be one of fresh, aggregated" }).optional(),
  order: z.enum(["same", "other"], { error: "must be one of same, other" }).optional(),
  speed,
};
type Option = keyof typeof options;

export const replayKinds = [
  "rewind",
  "new-store",
  "rebuild",
  "re-aggregate",
  "re-produce",
] as const;
type ReplayKind = (typeof replayKinds)[number];

const optionsOf = {
  rewind: ["clock", "partition", "from", "last", "times", "store", "restart"],
  "new-store": [],
  rebuild: ["store"],
  "re-aggregate": ["into"],
  "re-produce": ["order", "speed"],
} as const satisfies Record<ReplayKind, readonly Option[]>;

const replayKeys = z.strictObject({
  rewind: replayTime,
  "new-store": replayTime,
  rebuild: replayTime,
  "re-aggregate": replayTime,
  "re-produce": replayTime,
  ...options,
} satisfies Record<ReplayKind | Option, z.ZodType>);

export type ReplayEntry = z.output<typeof replayKeys>;

export const replaySchema = replayKeys.superRefine((step, context) => {
  for (const [key, message] of stepFaults(step)) {
    const path = key === undefined ? [] : [key];
    context.addIssue({ code: "custom", message, path, input: step });
  }
});

/** Each with the key at which it is shown, or none for the step as a whole. */
function stepFaults(step: ReplayEntry): [keyof ReplayEntry | undefined, string][] {
  const kinds = replayKinds.filter((kind) => step[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined) {
    return [[undefined, `does nothing: one of ${replayKinds.join(", ")} is needed`]];
  }
  if (kinds.length > 1) {
    return [[undefined, `holds ${kinds.join(" and ")}: each is a step of its own`]];
  }
  const faults: [keyof ReplayEntry, string][] = [];
  for (const name of Object.keys(options) as Option[]) {
    const takes: readonly Option[] = optionsOf[kind];
    if (step[name] === undefined || takes.includes(name)) continue;
    const owners = replayKinds.filter((each) =>
      (optionsOf[each] as readonly Option[]).includes(name),
    );
    faults.push([name, `belongs to ${owners.join(", ")}; ${kind} has none`]);
  }
  if (step.clock !== undefined && kind === "rewind" && step.rewind !== "at-rest") {
    const clock = "belongs to rewind: at-rest: under load the jobs' clock goes with the fleet's";
    faults.push(["clock", clock]);
  }
  if (step.from !== undefined && step.last !== undefined) {
    faults.push(["last", "stands beside from: a range begins at one of them"]);
  }
  if (kind === "rebuild" && step.store === undefined) {
    faults.push(["rebuild", `needs store: which one is wiped (${storeNames.join(", ")})`]);
  }
  return faults;
}
