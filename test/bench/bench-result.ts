/** What a benchmark came to, as it is printed by `--json` and read again by `--compare`. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const rowSchema = z.object({
  name: z.string(),
  /** `records/s`, `µs of CPU a record`, `MiB`. */
  unit: z.string(),
  /** Which way is better. */
  better: z.enum(["more", "less"]),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  /** How many. */
  runs: z.number(),
  /** One a run, in their order. */
  values: z.array(z.number()).min(1),
});
export type BenchRow = Readonly<z.infer<typeof rowSchema>>;

const resultSchema = z.object({
  bench: z.string(),
  /** Processors and memory. */
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  rows: z.array(rowSchema),
});
export type BenchResult = Readonly<z.infer<typeof resultSchema>>;

/** Errors: `RangeError` without a value. */
export function rowOf(row: Pick<BenchRow, "name" | "unit" | "better" | "values">): BenchRow {
  const { name, unit, better, values } = row;
  const sorted = values.toSorted((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  if (min === undefined || median === undefined || max === undefined) {
    throw new RangeError(`${name} has no run`);
  }
  return { name, unit, better, median, min, max, runs: values.length, values };
}

/** What an earlier `--json` printed last. Errors: `RangeError` with a sentence for any other file. */
export function readResult(file: string): BenchResult {
  const refuse = (why: string): RangeError =>
    new RangeError(`${file} ${why}; it must hold the last line that --json has printed`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw refuse(`cannot be read (${(cause as Error).message})`);
  }
  const last = text.trim().split("\n").at(-1) ?? "";
  const parsed = resultSchema.safeParse(jsonOf(last));
  if (!parsed.success) throw refuse("is no result of a benchmark");
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
