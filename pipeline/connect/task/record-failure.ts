/**
 * A record that could not be stored, and why: what the log, the dead letter and the task's end tell
 * of it.
 */
import type { RecordCoordinates } from "../../sinks/sink.ts";

/** Where on its way, in Connect's words. TRANSFORMATION: projection, primary key, version, time. */
export type Stage =
  | "KEY_CONVERTER"
  | "VALUE_CONVERTER"
  | "HEADER_CONVERTER"
  | "TRANSFORMATION"
  | "TASK_PUT";

/** Why a record cannot be turned into writes; whoever reads on adds the record. */
export type Unfit = { readonly stage: Stage; readonly message: string };

export type RecordFailure = {
  readonly record: RecordCoordinates;
  readonly stage: Stage;
  readonly error: Error;
};

/** By a name that says which stage refused; its message is a sentence about the record alone. */
export class UnfitRecordError extends Error {
  readonly code = "unfit-record";

  constructor(message: string) {
    super(message);
    this.name = "UnfitRecordError";
  }
}

/**
 * The error and its causes, one a line. No file paths: who reads a topic need not know this
 * machine.
 */
export function traceOf(error: unknown): string {
  const lines: string[] = [];
  let cause: unknown = error;
  for (let depth = 0; depth < causesMax && cause !== undefined; depth++) {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    lines.push(`${depth === 0 ? "" : "Caused by: "}${text}${code}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines.join("\n");
}

/** A chain of causes that is longer has a loop in it. */
const causesMax = 10;
