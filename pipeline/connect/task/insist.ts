/** Asking again, with a pause, for as long as Kafka or the store cannot be reached. */
import type { Clock } from "../../clock.ts";
import { KafkaError } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import { type Sink, SinkError } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { backOffMs } from "./back-off.ts";

export type Patience = {
  readonly clock: Clock;
  readonly log: Logger;
  /** [0, 1), for jitter. */
  readonly random: () => number;
  readonly signal: AbortSignal;
};

type Retries = { readonly limit: number; readonly waitMs: (attempt: number) => number };

/** Between two questions to Kafka at first; growing. */
const kafkaIntervalMs = 250;

/**
 * The answer of `ask`; undefined once the signal is aborted. Kafka is not the store: a job outlives
 * its outages, whatever the policy for writes is. Errors: those that asking again does not mend.
 */
export async function insist<T>(ask: () => Promise<T>, patience: Patience): Promise<T | undefined> {
  const isPassing = (error: unknown): boolean =>
    error instanceof KafkaError && error.code === "unavailable";
  const { random } = patience;
  const retries: Retries = {
    limit: Number.POSITIVE_INFINITY,
    waitMs: (attempt) => backOffMs({ intervalMs: kafkaIntervalMs }, attempt, random),
  };
  return await insistWhile(ask, isPassing, retries, patience);
}

/** Opens the store; the job's own policy says for how long to try. */
export async function openSink(
  options: Patience & { readonly sink: Sink; readonly config: JobConfig },
): Promise<void> {
  const { sink, config, signal } = options;
  const { limit, intervalMs } = config.errors.retry;
  const isPassing = (error: unknown): boolean =>
    error instanceof SinkError && error.code === "unavailable";
  const retries: Retries = { limit, waitMs: () => intervalMs };
  await insistWhile(() => sink.open(signal), isPassing, retries, options);
}

async function insistWhile<T>(
  ask: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  retries: Retries,
  { clock, log, signal }: Patience,
): Promise<T | undefined> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isPassing(error) || attempt >= retries.limit) throw error;
      const waitMs = retries.waitMs(attempt);
      const cause = error instanceof Error ? error.message : String(error);
      log.warn({ attempt, waitMs, cause }, "asking again");
      await clock.sleep(waitMs, signal).catch(() => {}); // woken early only by the end, seen above
    }
  }
  return undefined;
}
