/**
 * What can be said of job files without running them: what is wrong with them, and which indices
 * are due for retirement.
 */
import type { Clock } from "../../clock.ts";
import type { Kafka } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { Sink } from "../../sinks/sink.ts";
import { type ConfigContext, validateJobConfig } from "../config/config.ts";
import type { JobConfig } from "../config/job-config.ts";
import { checkJob } from "./check-job.ts";
import { listRetirable } from "./list-retirable.ts";
import { readSeeds } from "./seeds.ts";

export type Inspection = {
  readonly files: readonly string[];
  readonly context: ConfigContext;
  readonly createSink: (config: JobConfig) => Sink;
  /** The jobs'. */
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes one line for people. */
  readonly print: (line: string) => void;
};

/**
 * With `kafka` the topics and the stores are asked, too. Errors: `JobConfigError` that names every
 * fault.
 */
export async function checkFiles(inspection: Inspection, kafka: Kafka | undefined): Promise<void> {
  const { files, context, print } = inspection;
  const seeds = await readSeeds(
    files,
    async (value) =>
      kafka === undefined
        ? validateJobConfig(value, context)
        : await checkJob(value, { ...inspection, kafka }),
    (file, warning) => print(`${file}: warning: ${warning}`),
  );
  const asked = kafka === undefined ? "" : "; its topics are there and its store takes it";
  for (const { name } of seeds) print(`${name}: the config is valid${asked}`);
}

/** The dry run of retirement. Errors: `JobConfigError`, `SinkError`. */
export async function printDue(inspection: Inspection): Promise<void> {
  const { files, context, print } = inspection;
  const configs: JobConfig[] = [];
  await readSeeds(
    files,
    async (value) => {
      const validated = validateJobConfig(value, context);
      if (validated.ok) configs.push(validated.config);
      return validated;
    },
    () => {},
  );
  for (const config of configs) {
    const due = await listRetirable(config, inspection);
    for (const { index, endMs, state } of due) {
      print(`${config.name}: ${index} (${state}), its last day ended ${iso(endMs)}`);
    }
    if (due.length === 0) print(`${config.name}: no index is due for retirement`);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
