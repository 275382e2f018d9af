/**
 * One batch on its way, in two steps, so that the next may be written meanwhile: written until
 * stored; then, in its turn, its failures are dealt with by the policy, and it is noted as done.
 */
import type { Work } from "./assignment-work.ts";
import type { RecordFailure } from "./record-failure.ts";
import { reportFailure, skipRecords } from "./skip-records.ts";
import { describeRecord, TaskError } from "./task-error.ts";
import type { ReadBatch } from "./topic-reader.ts";
import { countRecords, type Written, writeUntilStored } from "./write-until-stored.ts";

export type BegunBatch = {
  readonly batch: ReadBatch;
  /** Never rejects: nobody may be waiting for it, when a batch before it has failed. */
  readonly written: Promise<Written | Broken>;
};

type Broken = { readonly kind: "broken"; readonly error: unknown };

/** Resolves once the batch is being written. */
export async function beginBatch(batch: ReadBatch, work: Work): Promise<BegunBatch> {
  const { meter, crashPoint } = work;
  const { writes } = batch;
  meter.read += batch.records;
  meter.nullsIgnored += batch.passedOver;
  if (writes.length > 0) {
    meter.sent += countRecords(writes);
    await crashPoint?.("before-write");
  }
  const writing = writeUntilStored(writes, { ...work, errors: work.config.errors });
  const broken = (error: unknown): Broken => ({ kind: "broken", error });
  return { batch, written: writing.catch(broken) };
}

/**
 * False when the end came before all of it was dealt with; then nothing is noted. Errors:
 * `TaskError`.
 */
export async function finishBatch(
  topic: string,
  { batch, written: writing }: BegunBatch,
  work: Work,
): Promise<boolean> {
  const { crashPoint, abandon } = work;
  const { writes, fault } = batch;
  const written = await writing;
  if (written.kind === "abandoned") return false;
  if (written.kind === "broken") {
    reportStop(written.error, work);
    throw written.error;
  }
  const failures = [...batch.unfit, ...written.failures];
  if (writes.length > 0) await crashPoint?.("after-write");
  if (failures.length > 0) await crashPoint?.("before-dead-letters");
  if (!(await skipRecords(failures, batch, { ...work, signal: abandon }))) return false;
  if (failures.length > 0) await crashPoint?.("after-dead-letters");
  work.commits.note(topic, batch.offsets);
  work.lag.stored(topic, batch.progress);
  if (fault !== undefined) {
    reportFailure(fault, undefined, "stops the task", work);
    throw unreadable(fault);
  }
  return true;
}

function reportStop(error: unknown, work: Work): void {
  if (!(error instanceof TaskError) || error.record === undefined) return;
  const { record } = error;
  reportFailure({ record, stage: "TASK_PUT", error }, undefined, "stops the task", work);
}

function unreadable({ record, error }: RecordFailure): TaskError {
  const text = `${describeRecord(record)} cannot be stored: ${error.message}`;
  return new TaskError("unreadable-record", text, { record, cause: error });
}
