/** Skips records: tells of each in the log, sends it to the dead-letter topic, counts it. */
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { JobConfig } from "../config/job-config.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { findOriginals, type OriginalRecord } from "./original-records.ts";
import type { RecordFailure } from "./record-failure.ts";
import type { TaskMeter } from "./task-meter.ts";
import type { ReadBatch } from "./topic-reader.ts";

type Options = {
  readonly config: JobConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: TaskMeter;
  readonly deadLetters: DeadLetters | "none";
};

/**
 * True when the dead letters are in Kafka, false when the signal came first. Errors: `TaskError`.
 */
export async function skipRecords(
  failures: readonly RecordFailure[],
  { fetched }: Pick<ReadBatch, "fetched">,
  options: Options & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (failures.length === 0) return true;
  const { config, meter, deadLetters, signal } = options;
  const sorted = failures.toSorted((a, b) => {
    return a.record.partition - b.record.partition || a.record.offset - b.record.offset;
  });
  const needsOriginals = deadLetters !== "none" || config.errors.log === "with-record";
  const records = sorted.map(({ record }) => record);
  const originals = needsOriginals ? findOriginals(fetched, records) : [];
  if (deadLetters !== "none" && !(await deadLetters.send(sorted, originals, signal))) return false;
  sorted.forEach((failure, position) => {
    reportFailure(failure, originals[position], "skipped", options);
  });
  meter.skipped += sorted.length;
  return true;
}

/** As Connect's LogReporter: with `errors.log.enable` one entry for each record that failed. */
export function reportFailure(
  { record, stage, error }: RecordFailure,
  original: OriginalRecord | undefined,
  outcome: "skipped" | "stops the task",
  { config, clock, log, meter }: Omit<Options, "deadLetters">,
): void {
  meter.failures++;
  meter.lastErrorAtMs = clock.now();
  if (stage !== "TASK_PUT") meter.errors++; // attempts at the store are counted where they are made
  if (config.errors.log === "off") return;
  meter.errorsLogged++;
  const where = config.errors.log === "with-record" ? record : undefined;
  const fields = {
    stage,
    outcome,
    cause: error.message,
    ...where,
    ...(where !== undefined && original !== undefined ? { timestamp: original.timestampMs } : {}),
  };
  log.error(fields, "a record failed");
}
