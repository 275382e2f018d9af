/** One batch on its way: written, its failures dealt with by the policy, noted as done. */
import type { Work } from "./assignment-work.ts";
import type { RecordFailure } from "./record-failure.ts";
import { reportFailure, skipRecords } from "./skip-records.ts";
import { describeRecord, TaskError } from "./task-error.ts";
import type { ReadBatch } from "./topic-reader.ts";
import { countRecords, type Written, writeUntilStored } from "./write-until-stored.ts";

/**
 * False when the end came before all of it was dealt with; then nothing is noted. Errors:
 * `TaskError`.
 */
export async function storeBatch(topic: string, batch: ReadBatch, work: Work): Promise<boolean> {
  const { meter, crashPoint, abandon } = work;
  const { writes, fault } = batch;
  meter.read += batch.records;
  meter.nullsIgnored += batch.passedOver;
  if (writes.length > 0) {
    meter.sent += countRecords(writes);
    await crashPoint?.("before-write");
  }
  const written = await write(batch, work);
  if (written.kind === "abandoned") return false;
  const failures = [...batch.unfit, ...written.failures];
  if (!(await skipRecords(failures, batch, { ...work, signal: abandon }))) return false;
  if (writes.length > 0) await crashPoint?.("after-write");
  work.commits.note(topic, batch.offsets);
  work.lag.stored(topic, batch.progress);
  if (fault !== undefined) {
    reportFailure(fault, undefined, "stops the task", work);
    throw unreadable(fault);
  }
  return true;
}

async function write({ writes }: ReadBatch, work: Work): Promise<Written> {
  try {
    return await writeUntilStored(writes, { ...work, errors: work.config.errors });
  } catch (error) {
    if (error instanceof TaskError && error.record !== undefined) {
      const { record } = error;
      reportFailure({ record, stage: "TASK_PUT", error }, undefined, "stops the task", work);
    }
    throw error;
  }
}

function unreadable({ record, error }: RecordFailure): TaskError {
  const text = `${describeRecord(record)} cannot be stored: ${error.message}`;
  return new TaskError("unreadable-record", text, { record, cause: error });
}
