/**
 * Writes a batch until the store has all of it: what is retriable is written again, alone, after a back-off;
 * what is refused stops the task. Never goes past an unresolved record.
 */
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { Sink, SinkWrite } from "../sinks/sink.ts";
import { backOffMs } from "./back-off.ts";
import type { RetryPolicy } from "./config.ts";
import { describeRecord, TaskError } from "./task-error.ts";

export type WriteCounts = { stored: number; notNewer: number; retired: number; retries: number };

export type WriteOptions = {
  readonly sink: Sink;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly log: Logger;
  /** [0, 1), for jitter. */
  readonly random: () => number;
  readonly counts: WriteCounts;
  /** No further attempt begins once this is aborted. */
  readonly ending: AbortSignal;
  /** The attempt under way is given up once this is aborted. */
  readonly abandon: AbortSignal;
};

/** True when all is stored, false when the end came first. Errors: `TaskError`. */
export async function writeUntilStored(
  batch: readonly SinkWrite[],
  options: WriteOptions,
): Promise<boolean> {
  const { sink, retry, clock, log, random, counts, ending, abandon } = options;
  let pending = batch;
  for (let attempt = 0; pending.length > 0; attempt++) {
    const outcome = settle(pending, await sink.write(pending, abandon), counts);
    pending = outcome.again;
    if (pending.length === 0) return true;
    if (ending.aborted) return false;
    if (attempt >= retry.limit) throw exhausted(pending, attempt, outcome.cause);
    const waitMs = backOffMs(retry, attempt, random);
    const { message } = outcome.cause;
    log.warn({ records: pending.length, attempt, waitMs, cause: message }, "writing again");
    counts.retries++;
    await clock.sleep(waitMs, ending).catch(() => {}); // woken early only by the end, asked for next
    if (ending.aborted) return false;
  }
  return true;
}

/** Counts what is done, and tells what must be written again. Errors: `TaskError` for a refused write. */
function settle(
  pending: readonly SinkWrite[],
  results: Awaited<ReturnType<Sink["write"]>>,
  counts: WriteCounts,
): { readonly again: readonly SinkWrite[]; readonly cause: Error } {
  const again: SinkWrite[] = [];
  let cause = new Error("no attempt failed");
  pending.forEach((write, position) => {
    const result = results[position];
    switch (result?.kind) {
      case "stored":
        counts.stored++;
        break;
      case "not-newer":
        counts.notNewer++;
        break;
      case "retired":
        counts.retired++;
        break;
      case "failed":
        throw new TaskError(
          "write-refused",
          `the store refused ${describeRecord(write.record)}: ${result.error.message}`,
          { record: write.record, cause: result.error },
        );
      case "retriable":
        again.push(write);
        cause = result.error;
        break;
      case undefined:
        throw new Error(`the sink gave ${results.length} results for ${pending.length} writes`);
    }
  });
  return { again, cause };
}

function exhausted(pending: readonly SinkWrite[], retries: number, cause: Error): TaskError {
  const { record } = pending[0]!;
  const what = `${pending.length} records from ${describeRecord(record)} on`;
  const message = `${what} are not stored after ${retries} retries: ${cause.message}`;
  return new TaskError("retries-exhausted", message, { record, cause });
}
