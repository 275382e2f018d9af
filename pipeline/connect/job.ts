/** A persisting job from its config file: as many tasks as `tasks.max` says, one consumer group. */
import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { plantInSink } from "#planted";
import type { Clock } from "../clock.ts";
import type { Kafka } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import { type JobConfig, validateJobConfig } from "./config.ts";
import { createSink } from "./create-sink.ts";
import { runSinkTask } from "./task.ts";

export type ConnectJobOptions = {
  /** Path of the job's JSON. */
  readonly file: string;
  readonly kafka: Kafka;
  /** `now` is the time by which TTLs are counted. */
  readonly clock: Clock;
  readonly log: Logger;
  /** Of this process among those of the job, from 0 on. */
  readonly slot: number;
  readonly signal: AbortSignal;
  /** What `${name}` stands for in the config. */
  readonly variables: Readonly<Record<string, string>>;
  /** Called once: every task has opened its store and has been assigned partitions. */
  readonly onReady?: () => void;
};

/** The file cannot be read or does not hold a usable config; the message names every fault. */
class JobConfigError extends Error {
  readonly code = "invalid-config";

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "JobConfigError";
  }
}

/** Until `signal` is aborted. Errors: `JobConfigError`, and whatever stopped the first task that failed. */
export async function startConnectJob(options: ConnectJobOptions): Promise<void> {
  const { kafka, clock, log, slot, signal } = options;
  const config = await readJobConfig(options);
  const failure = new AbortController();
  const until = AbortSignal.any([signal, failure.signal]);
  let unready = config.tasksMax;
  const onReady = (): void => {
    unready--;
    if (unready === 0) options.onReady?.();
  };
  const tasks = Array.from({ length: config.tasksMax }, async (_, task) => {
    try {
      const sink = plantInSink(createSink(config, clock.now), config.store.store);
      const place = slot * config.tasksMax + task;
      const own = { kafka, config, sink, clock, log, random, slot: place, signal: until, onReady };
      await runSinkTask(own);
    } finally {
      failure.abort(new Error("a task of this job ended"));
    }
  });
  const failed = (await Promise.allSettled(tasks)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

async function readJobConfig({ file, variables, log }: ConnectJobOptions): Promise<JobConfig> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new JobConfigError(`${file}: ${why}`, { cause });
  }
  const validated = validateJobConfig(value, { variables });
  if (!validated.ok) {
    const faults = validated.errors.map(({ key, message }) => `${key} ${message}`.trim());
    throw new JobConfigError(`${file}: ${faults.join("; ")}`);
  }
  for (const warning of validated.warnings) log.warn({ file }, warning);
  return validated.config;
}

const randomSteps = 2 ** 32;

/** Jitter must differ between processes, so it is the machine's, not a seed's. */
function random(): number {
  return randomInt(randomSteps) / randomSteps;
}
