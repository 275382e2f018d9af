/**
 * The one error of the wire. `definite` says whether what was asked surely did not happen: a batch that
 * failed indefinitely may be in the log.
 */
export type WireErrorCode =
  /** Bytes that are no record batch, or whose checksum is another. */
  | "corrupt"
  /** Well-formed, but not ours to read: an old message format, a compression without a decoder here. */
  | "unsupported"
  /** Over a limit that is set here, not by the broker. */
  | "too-large"
  /** The broker answered with an error; its number is `brokerCode`. */
  | "refused"
  /** No connection could be had: nothing left this process. */
  | "unreachable"
  /** The connection broke, or the answer did not come in time: the outcome is unknown. */
  | "disconnected"
  /** Closed by its owner. */
  | "closed";

export class WireError extends Error {
  readonly code: WireErrorCode;
  readonly definite: boolean;
  /** Kafka's number for the error, when it was the broker's. Source: protocol guide, "Error Codes". */
  readonly brokerCode: number | undefined;

  constructor(
    code: WireErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly brokerCode?: number;
      readonly definite?: boolean;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "WireError";
    this.code = code;
    this.definite = options.definite ?? code !== "disconnected";
    this.brokerCode = options.brokerCode;
  }
}
