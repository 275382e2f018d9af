/** Why a task stopped by itself. Nothing past `record` was committed. */
import type { RecordCoordinates } from "../sinks/sink.ts";

export type TaskErrorCode =
  /** A record that cannot be decoded or projected. */
  | "unreadable-record"
  /** The store refused a record and would again. */
  | "write-refused"
  /** `max.retries` is used up. */
  | "retries-exhausted"
  /** The log starts past the committed offset: records were cut that no one has stored. */
  | "records-lost";

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
