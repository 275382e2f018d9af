/** The steps of `replay` as a file writes them: which keys belong together within one step. */
import * as z from "zod";
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
