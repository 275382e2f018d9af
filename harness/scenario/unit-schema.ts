/** Values with units as the schema knows them: a text is read once, and the number goes on. */
import * as z from "zod";
import {
  type Parsed,
  readBytesPerSecond,
  readDuration,
  readInstant,
  readRate,
  readShare,
} from "./units.ts";

function unit(read: (value: unknown) => Parsed) {
  return z
    .union([z.string(), z.number()], { error: "must be a text with a unit" })
    .transform((value, context): number => {
      const parsed = read(value);
      if ("value" in parsed) return parsed.value;
      context.addIssue({ code: "custom", message: parsed.fault, input: value });
      return z.NEVER;
    });
}

/** Milliseconds. */
export const duration = unit(readDuration);
export const positive = duration.refine((ms) => ms > 0, "must be more than 0");
/** 0..1. */
export const share = unit(readShare);
/** Bytes per second, more than 0. */
export const bytesPerSecond = unit(readBytesPerSecond);
/** Readings per second. */
export const rate = unit(readRate);
/** Epoch milliseconds. */
export const instant = unit(readInstant);

export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  return z
    .int({ error: `must be a whole number, ${range}` })
    .min(least, `must be ${range}`)
    .max(most, `must be ${range}`);
}
