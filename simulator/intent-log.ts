/**
 * What a worker may have sent, as facts in a file beside the acks: before sends of a partition are handed to the
 * producer, a line says up to which event time they may leave from now on. A worker that is killed so leaves behind the
 * end of its uncertainty: positions behind the acks and before the intent are `unknown`, those behind the intent were
 * never sent. Lines come in stretches (`intentStretchMs`), not for each batch.
 */
import { type AppendFile, openAppendFile } from "./append-file.ts";

/** A line of the file. */
export type IntentLine =
  /** Sends of the partition with `sendAt` < `untilEventMs` may leave; the last line of a partition holds. */
  | { readonly partition: number; readonly untilEventMs: number }
  /** The load is over, closing readings may leave. */
  | { readonly closing: true };

export type IntentLog = {
  /** On file when it returns. Errors: the file system's. */
  readonly add: (line: IntentLine) => void;
  readonly close: () => void;
};

/**
 * Wall ms of sends that one line covers: with the 100 ms between two writings of the acks it is what a kill leaves
 * unknown.
 */
export const intentStretchMs = 100;

/** Appends to `file`, which it creates. Errors: the file system's. */
export function openIntentLog(
  file: string,
  open: (file: string) => AppendFile = openAppendFile,
): IntentLog {
  const { append, close } = open(file);
  return { add: (line) => append(`${JSON.stringify(line)}\n`), close };
}
