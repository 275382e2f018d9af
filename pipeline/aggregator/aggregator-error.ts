/** Why the aggregator stops rather than guesses. The message says what would be lost and what to do. */

export type AggregatorErrorCode =
  /** The file is not readable or not valid. */
  | "invalid-config"
  /** A topic is missing, or partition counts differ or have changed. */
  | "topics"
  /** A checkpoint was made with other window settings, or is not where the offset says it is. */
  | "checkpoint"
  /** The committed offset belongs to no state that we could rebuild. */
  | "offset"
  /** The raw log no longer holds readings that the state needs. */
  | "log-cut"
  /** Another process runs under this slot. */
  | "displaced"
  /** Nothing could be committed for longer than the job is willing to try. */
  | "gave-up";

export class AggregatorError extends Error {
  readonly code: AggregatorErrorCode;

  constructor(code: AggregatorErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "AggregatorError";
    this.code = code;
  }
}
