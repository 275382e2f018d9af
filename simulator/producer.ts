/**
 * How readings get into Kafka: the small interface that the load sees, whichever client is behind it. Batches, not
 * records, are sent and settled; a partition's batches settle in the order in which they were appended.
 */

/**
 * `acked`: in the log, from `baseOffset` on (-1 when the broker only says that it has them).
 * `failed`: surely not written. `unknown`: nobody knows; never sent again under another producer id.
 */
export type SendResult =
  | { readonly outcome: "acked"; readonly baseOffset: number }
  | { readonly outcome: "failed" | "unknown"; readonly reason: string };

/**
 * Called once for each batch: the next `count` records of the partition have this outcome.
 * `sentAtMs`: wall time at which they first left, or -1 when they never did.
 */
export type Settle = (
  partition: number,
  count: number,
  sentAtMs: number,
  result: SendResult,
) => void;

export type Producer = {
  /** Copies a record into the partition's open batch, whatever its size: the caller minds `room`. */
  readonly append: (
    partition: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ) => void;
  /** Bytes that the partition's open batch can still take: what bounds memory while a broker is slow. */
  readonly room: (partition: number) => number;
  /**
   * Sends what was appended, as soon as fewer than five requests are under way.
   * Errors: what made the producer useless as a whole.
   */
  readonly flush: () => void;
  /** Resolves when everything appended has settled. Errors: what made the producer useless as a whole. */
  readonly idle: () => Promise<void>;
  /** Gives up what has not settled (it settles as it stands) and lets connections go. */
  readonly close: () => Promise<void>;
};

/** Bytes of a record around key and value: eight length fields at most. */
export const recordOverheadBytes = 32;

/** Below the 1 MiB (and 12 bytes) that a broker takes by default. */
export const batchMaxBytes = 768 * 1024;
