/** The aggregator as a job: its file read and checked, then the loop. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { AggregatorError } from "./aggregator-error.ts";
import { type AggregatorConfig, parseAggregatorConfig } from "./config.ts";
import { type AggregatorOptions, runAggregator } from "./loop.ts";

export type AggregatorJob = Omit<AggregatorOptions, "config"> & {
  /** JSON or YAML. */
  readonly file: string;
};

/** Errors: `AggregatorError` of code `invalid-config` that names every fault; those of `runAggregator`. */
export async function startAggregatorJob(job: AggregatorJob): Promise<void> {
  const { file, ...options } = job;
  await runAggregator({ ...options, config: await readAggregatorConfig(file) });
}

async function readAggregatorConfig(file: string): Promise<AggregatorConfig> {
  let value: unknown;
  try {
    // Every JSON file is a YAML file.
    value = parse(await readFile(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AggregatorError("invalid-config", `cannot read ${file}: ${why}`, cause);
  }
  const parsed = parseAggregatorConfig(value);
  if (parsed.ok) return parsed.config;
  const problems = parsed.problems.map((problem) => `  ${problem}`).join("\n");
  throw new AggregatorError("invalid-config", `${file} is not valid:\n${problems}`);
}
