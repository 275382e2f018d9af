/**
 * Writes a batch until each of its writes is stored or skipped by the job's policy: what is
 * retriable is written again, alone, after a pause. Never goes past an unresolved record: then the
 * task stops.
 */
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { RecordCoordinates, Sink, SinkWrite, WriteResult } from "../../sinks/sink.ts";
import type { ErrorHandling } from "../config/job-config.ts";
import { retryWaitMs } from "./back-off.ts";
import type { RecordFailure } from "./record-failure.ts";
import { type FailedWrite, sortResults } from "./sort-results.ts";
import { describeRecord, TaskError } from "./task-error.ts";
import type { TaskMeter } from "./task-meter.ts";

export type WriteOptions = {
  readonly sink: Sink;
  readonly errors: Pick<ErrorHandling, "policy" | "retry" | "tolerance">;
  readonly clock: Clock;
  readonly log: Logger;
  /** [0, 1), for jitter. */
  readonly random: () => number;
  readonly meter: TaskMeter;
  /** No further attempt begins once this is aborted. */
  readonly ending: AbortSignal;
  /** The attempt under way is given up once this is aborted. */
  readonly abandon: AbortSignal;
};

/** `failures`: one for each record that is to be skipped, in the order of their writes. */
export type Written =
  | { readonly kind: "done"; readonly failures: readonly RecordFailure[] }
  /** The end came before all was stored. */
  | { readonly kind: "abandoned" };

const abandoned: Written = { kind: "abandoned" };

/** Errors: `TaskError`. */
export async function writeUntilStored(
  batch: readonly SinkWrite[],
  options: WriteOptions,
): Promise<Written> {
  const { errors, clock, log, random, meter, ending, abandon } = options;
  /** By record: a record with several writes is skipped once. */
  const failures = new Map<RecordCoordinates, RecordFailure>();
  let pending = batch;
  let overloads = 0;
  for (let attempt = 0; pending.length > 0; attempt++) {
    const results = await put(pending, options);
    // An attempt that was given up says nothing about the writes that have no answer.
    if (abandon.aborted && results.some(({ kind }) => kind === "retriable")) return abandoned;
    const sorted = sortResults(pending, results, errors, attempt < errors.retry.limit, meter);
    if (sorted.again.length + sorted.skipped.length > 0 || sorted.fatal !== undefined) {
      meter.lastErrorAtMs = clock.now();
    }
    for (const { write, error } of sorted.skipped) {
      const { record } = write;
      if (!failures.has(record)) failures.set(record, { record, stage: "TASK_PUT", error });
    }
    if (sorted.fatal?.why === "refused") throw refused(sorted.fatal);
    pending = sorted.again.map(({ write }) => write);
    if (pending.length === 0 && sorted.fatal === undefined) break;
    if (ending.aborted) return abandoned;
    if (sorted.fatal !== undefined) throw exhausted(sorted.fatal, attempt);
    overloads = sorted.overloaded ? overloads + 1 : 0;
    const waitMs = retryWaitMs(errors.retry, overloads, random);
    const cause = sorted.again[0]!.error.message;
    log.warn({ writes: pending.length, attempt, waitMs, cause }, "writing again");
    meter.retries++;
    await clock.sleep(waitMs, ending).catch(() => {}); // woken early only by the end
    if (ending.aborted) return abandoned;
  }
  return { kind: "done", failures: [...failures.values()] };
}

async function put(
  pending: readonly SinkWrite[],
  { sink, clock, meter, abandon }: WriteOptions,
): Promise<readonly WriteResult[]> {
  const records = countRecords(pending);
  const beganMs = clock.monotonicMs();
  meter.active += records;
  try {
    return await sink.write(pending, abandon);
  } finally {
    meter.active -= records;
    const tookMs = clock.monotonicMs() - beganMs;
    meter.puts++;
    meter.putMsTotal += tookMs;
    meter.putMsMax = Math.max(meter.putMsMax, tookMs);
    meter.batchSizeMax = Math.max(meter.batchSizeMax, records);
  }
}

/** The writes of one record share its coordinates, and stand side by side. */
export function countRecords(writes: readonly SinkWrite[]): number {
  let records = 0;
  let last: RecordCoordinates | undefined;
  for (const { record } of writes) {
    if (record !== last) records++;
    last = record;
  }
  return records;
}

function refused({ write, error }: FailedWrite): TaskError {
  const { record } = write;
  const message = `the store refused ${describeRecord(record)}: ${error.message}`;
  return new TaskError("write-refused", message, { record, cause: error });
}

function exhausted({ write, error }: FailedWrite, retries: number): TaskError {
  const { record } = write;
  const where = describeRecord(record);
  const message = `${where} is not stored after ${retries} retries: ${error.message}`;
  return new TaskError("retries-exhausted", message, { record, cause: error });
}
