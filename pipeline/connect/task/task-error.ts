/** Why a task stopped by itself. Nothing past `record` was committed. */
import type { RecordCoordinates } from "../../sinks/sink.ts";

export type TaskErrorCode =
  /** A record that cannot be decoded or projected. */
  | "unreadable-record"
  /** The store refused a record and would again. */
  | "write-refused"
  /** `max.retries` is used up. */
  | "retries-exhausted"
  /**
   * A skipped record could not be sent to the dead-letter topic, and asking again does not mend
   * that.
   */
  | "dead-letter-failed"
  /** The log starts past the committed offset: records were cut that no one has stored. */
  | "records-lost"
  /** A partition has no committed offset, and `auto.offset.reset` is none. */
  | "no-offset"
  /** Another task has this one's place in the group. */
  | "superseded";

export class TaskError extends Error {
  readonly code: TaskErrorCode;
  readonly record: RecordCoordinates | undefined;

  constructor(
    code: TaskErrorCode,
    message: string,
    options: { readonly record?: RecordCoordinates; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "TaskError";
    this.code = code;
    this.record = options.record;
  }
}

export function describeRecord({ topic, partition, offset }: RecordCoordinates): string {
  return `${topic}, partition ${partition}, offset ${offset}`;
}
