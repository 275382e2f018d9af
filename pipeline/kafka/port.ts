/**
 * What the jobs need of Kafka, as ports: the loops know these types only. Two adapters pass the same
 * contract suite: the real broker (beside this file) and the in-memory log of the simulation.
 */
import type { BatchDraft } from "./wire/batch-writer.ts";

export type Isolation = "read_committed" | "read_uncommitted";

export type AbortedTransaction = { readonly producerId: number; readonly firstOffset: number };

/** A stretch of one partition's log, as the broker stores it. */
export type FetchedPartition = {
  readonly topic: string;
  readonly partition: number;
  /** Whole record batches (v2); the first may begin before the offset asked for. No cut batch at the end. */
  readonly batches: Buffer;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Transactions that were aborted in this stretch; empty for read_uncommitted. Unsorted, as they came. */
  readonly aborted: readonly AbortedTransaction[];
};

export type FetchRequest = {
  readonly topic: string;
  /** Next offset wanted, by partition. */
  readonly positions: ReadonlyMap<number, number>;
  readonly isolation: Isolation;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
};

/** Errors: `KafkaError` of code `offset-out-of-range` when the log starts past a position. */
export type Log = {
  /** Long-polls; partitions without news are left out. An empty answer is no error. */
  readonly fetch: (
    request: FetchRequest,
    signal: AbortSignal,
  ) => Promise<readonly FetchedPartition[]>;
  readonly partitionCount: (topic: string) => Promise<number>;
  /** Log start offsets by partition. */
  readonly startOffsets: (
    topic: string,
    partitions: readonly number[],
  ) => Promise<ReadonlyMap<number, number>>;
  /** High watermarks, or last stable offsets for read_committed. */
  readonly endOffsets: (
    topic: string,
    partitions: readonly number[],
    isolation: Isolation,
  ) => Promise<ReadonlyMap<number, number>>;
  readonly close: () => Promise<void>;
};

/**
 * Partitions that the group gave to this member, pinned to the generation in which it did so (KIP-447):
 * generation and member id travel from here, never from a live consumer, to every commit.
 */
export type Assignment = {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly partitions: ReadonlyMap<string, readonly number[]>;
  /**
   * Aborted as soon as these partitions must be given up. The reason is a `KafkaError`: `rebalance`
   * (finish or abort, then ask for the next assignment) or `membership-lost` (they may have another
   * owner already: abort).
   */
  readonly revoked: AbortSignal;
};

/** Heartbeats run by themselves from the first `next` until `leave`. */
export type Membership = {
  /** Joins, or rejoins: the caller has finished with the assignment before. That *is* the awaited revoke. */
  readonly next: (signal: AbortSignal) => Promise<Assignment>;
  readonly leave: () => Promise<void>;
};

export type MembershipOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  readonly groupInstanceId?: string;
  readonly sessionTimeoutMs: number;
  /** Until when a member that is asked to give partitions up may take its time. */
  readonly rebalanceTimeoutMs: number;
};

export type CommittedOffset = { readonly offset: number; readonly metadata: string };

export type PartitionOffset = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
};

export type Groups = {
  readonly member: (options: MembershipOptions) => Membership;
  /** require_stable: waits while a transaction on these offsets is open. Partitions without one are left out. */
  readonly committed: (
    group: string,
    topic: string,
    partitions: readonly number[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<number, CommittedOffset>>;
  /** Errors: `illegal-generation`, `membership-lost`: another member owns the partitions now. */
  readonly commit: (assignment: Assignment, offsets: readonly PartitionOffset[]) => Promise<void>;
  /** How many members it has now; 0 also for a group that Kafka does not know. */
  readonly memberCount: (group: string) => Promise<number>;
  /** Every committed offset of the group, of all topics. */
  readonly allCommitted: (group: string) => Promise<readonly PartitionOffset[]>;
  /** Sets offsets of a group without members. Errors: `group-not-empty`, definite. */
  readonly alter: (group: string, offsets: readonly PartitionOffset[]) => Promise<void>;
  /** Takes committed offsets away; undefined: all of them. Errors: as `alter`. */
  readonly forget: (
    group: string,
    partitions: readonly { readonly topic: string; readonly partition: number }[] | undefined,
  ) => Promise<void>;
};

/** A producer without transactions: idempotent, acks of all replicas, one batch in flight a partition. */
export type Producer = {
  /** Resolves when the broker has the batch, with the offset of its first record. Errors: `KafkaError`. */
  readonly send: (topic: string, partition: number, draft: BatchDraft) => Promise<number>;
  readonly close: () => Promise<void>;
};

export type NewTopic = {
  readonly name: string;
  readonly partitions: number;
  /** undefined: the broker's default. */
  readonly replicationFactor: number | undefined;
  readonly config: Readonly<Record<string, string>>;
};

export type Topics = {
  /** Nothing happens when it exists. Resolves when its partitions are served. Errors: `KafkaError`. */
  readonly create: (topic: NewTopic) => Promise<void>;
  /** Those of `names` that there are, with their number of partitions. */
  readonly find: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Id of the cluster. */
  readonly clusterId: () => Promise<string>;
};

/**
 * One producer of one transactional id. After any error it is of no more use: `close` it, open a new
 * one, and go back to the last committed offsets. A commit is never retried blindly.
 */
export type TransactionalProducer = {
  /** Begins a transaction when none is open; resolves when the broker has the batch. */
  readonly send: (topic: string, partition: number, draft: BatchDraft) => Promise<void>;
  /**
   * Offsets go into the open transaction (or one of their own), then it is committed. `atOffsets` comes in between;
   * what it throws is thrown, and nothing is committed.
   */
  readonly commit: (
    assignment: Assignment,
    offsets: readonly PartitionOffset[],
    atOffsets?: () => Promise<void>,
  ) => Promise<void>;
  /** Without an open transaction: nothing. */
  readonly abort: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Transactions = {
  /** Fences every predecessor of this id and aborts what it left open. */
  readonly open: (
    transactionalId: string,
    timeoutMs: number,
    signal: AbortSignal,
  ) => Promise<TransactionalProducer>;
};

export type Kafka = {
  readonly log: Log;
  readonly groups: Groups;
  readonly transactions: Transactions;
  readonly topics: Topics;
  readonly openProducer: (signal: AbortSignal) => Promise<Producer>;
  readonly close: () => Promise<void>;
};

export type KafkaErrorCode =
  | "offset-out-of-range"
  | "rebalance"
  | "membership-lost"
  | "illegal-generation"
  | "fenced"
  | "unknown-topic"
  | "group-not-empty"
  | "unauthorized"
  | "refused"
  | "corrupt"
  | "closed"
  | "unavailable";

/** `definite`: the broker surely did not do what was asked. Otherwise nobody knows. */
export class KafkaError extends Error {
  readonly code: KafkaErrorCode;
  readonly definite: boolean;

  constructor(
    code: KafkaErrorCode,
    message: string,
    options: { readonly definite: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "KafkaError";
    this.code = code;
    this.definite = options.definite;
  }
}
