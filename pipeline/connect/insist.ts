/** Asking again, with a growing pause, for as long as Kafka or the store cannot be reached. */
import type { Clock } from "../clock.ts";
import { KafkaError } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import { type Sink, SinkError } from "../sinks/sink.ts";
import { backOffMs } from "./back-off.ts";
import type { JobConfig, RetryPolicy } from "./config.ts";

type Patience = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/** Kafka is not the store: a job outlives its outages, whatever the policy for writes is. */
const kafkaRetry: RetryPolicy = { limit: Number.POSITIVE_INFINITY, intervalMs: 250 };

/** The answer of `ask`; undefined once the signal is aborted. Errors: those that asking again does not mend. */
export async function insist<T>(ask: () => Promise<T>, patience: Patience): Promise<T | undefined> {
  const isPassing = (error: unknown): boolean =>
    error instanceof KafkaError && error.code === "unavailable";
  return await insistWhile(ask, isPassing, kafkaRetry, patience);
}

/** Opens the store; the job's own policy says for how long to try. */
export async function openSink(
  options: Patience & { readonly sink: Sink; readonly config: JobConfig },
): Promise<void> {
  const { sink, config, signal } = options;
  const isPassing = (error: unknown): boolean =>
    error instanceof SinkError && error.code === "unavailable";
  await insistWhile(() => sink.open(signal), isPassing, config.retry, options);
}

async function insistWhile<T>(
  ask: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  retry: RetryPolicy,
  { clock, log, random, signal }: Patience,
): Promise<T | undefined> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isPassing(error) || attempt >= retry.limit) throw error;
      const waitMs = backOffMs(retry, attempt, random);
      const cause = error instanceof Error ? error.message : String(error);
      log.warn({ attempt, waitMs, cause }, "asking again");
      await clock.sleep(waitMs, signal).catch(() => {}); // woken early only by the end, seen above
    }
  }
  return undefined;
}
