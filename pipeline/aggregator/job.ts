/** The aggregator as a job: its file read and checked, its HTTP, then the loop. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { Clock } from "../clock.ts";
import type { HttpServer } from "../http/start-http.ts";
import { readVersion } from "../http/version.ts";
import { AggregatorError } from "./aggregator-error.ts";
import { type AggregatorMeter, createAggregatorMeter } from "./aggregator-meter.ts";
import { type AggregatorConfig, parseAggregatorConfig } from "./config.ts";
import { type AggregatorOptions, runAggregator } from "./loop.ts";
import { startAggregatorService } from "./service/start-service.ts";

export type AggregatorJob = Omit<AggregatorOptions, "config" | "meter" | "onReady"> & {
  /** JSON or YAML. */
  readonly file: string;
  /** `HOST:PORT` of its HTTP instead of the file's; without either there is none. */
  readonly listen?: string | undefined;
  /** The machine's clock, where `clock` is another: Kafka's timestamps are of it. */
  readonly wallClock?: Clock;
  /** Once, when the partitions are recovered and read. `rest`: where the HTTP is. */
  readonly onReady?: (about: { readonly rest: string | undefined }) => void;
};

/**
 * Errors: `AggregatorError` of code `invalid-config` that names every fault; `ListenError`; those of
 * `runAggregator`.
 */
export async function startAggregatorJob(job: AggregatorJob): Promise<void> {
  const { file, listen, wallClock, onReady, ...options } = job;
  const config = await readAggregatorConfig(file);
  const meter = createAggregatorMeter();
  const service = await startService(job, config, meter);
  try {
    const ready = (): void => onReady?.({ rest: service?.url });
    await runAggregator({ ...options, config, meter, onReady: ready });
  } finally {
    await service?.close();
  }
}

async function startService(
  { listen, slot, signal, log, clock, wallClock = clock }: AggregatorJob,
  config: AggregatorConfig,
  meter: AggregatorMeter,
): Promise<HttpServer | undefined> {
  const at = listen ?? config.listen;
  if (at === undefined) return undefined;
  const view = { meter, config, version: readVersion(), slot, signal, wallClock };
  const service = await startAggregatorService({ ...view, listen: at, log, processMetrics: true });
  log.info({ rest: service.url }, "aggregator listens");
  return service;
}

/** Errors: `AggregatorError` of code `invalid-config`. */
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
