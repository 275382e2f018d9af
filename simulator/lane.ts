/**
 * One partition's batches on their way, oldest first: which may be sent, and what an answer means for those behind.
 *
 * - A retry is the same bytes with the same sequence. While one is due, nothing else of the partition is sent, and the
 *   oldest goes alone: so the log keeps the order.
 * - A batch is `dirty` once an attempt ended without an answer: it may be in the log. When the deadline passes, a dirty
 *   batch is `unknown`, a clean one `failed`.
 * - After a batch that is not in its place in the log for sure, the sequence has a gap which the broker would refuse:
 *   what lies behind goes on under a *new* producer id, but for dirty batches, which become `unknown` too: under
 *   another id the broker could not tell the second copy from the first.
 * - Until a batch of a producer id was acked, the next one waits: a broker that knows nothing of an id in a partition
 *   takes any sequence for its first (Kafka's ProducerAppendInfo#checkSequence), and would let a later batch overtake.
 */
import {
  type BatchDraft,
  type BatchWriter,
  createBatchWriter,
} from "../pipeline/kafka/wire/batch-writer.ts";
import { brokerCodeName } from "../pipeline/kafka/wire/error-codes.ts";
import { classifyProduceError } from "../pipeline/kafka/wire/produce.ts";
import { nextSequence } from "../pipeline/kafka/wire/stamp-batch.ts";
import type { Clock } from "./clock.ts";
import type { SendResult, Settle } from "./producer.ts";

export type ProducerIdentity = { readonly producerId: number; readonly producerEpoch: number };

export type LaneBatch = {
  readonly partition: number;
  readonly draft: BatchDraft;
  identity: ProducerIdentity;
  sequence: number;
  /** Stamped at the first sending; the same for every retry. */
  bytes: Buffer | undefined;
  sentAtMs: number;
  deadlineMs: number;
  underWay: boolean;
  dirty: boolean;
  lastError: number;
  result: SendResult | undefined;
};

export type Lane = {
  /** The open batch. */
  readonly writer: BatchWriter;
  /** The batch to send now, marked as under way; undefined when none may be. */
  readonly next: () => LaneBatch | undefined;
  readonly answered: (batch: LaneBatch, errorCode: number, baseOffset: number) => void;
  /** Whether a timer has to come back to this lane. */
  readonly troubled: boolean;
  /** Whether it waits for `renew`. */
  readonly needsIdentity: boolean;
  readonly renew: (identity: ProducerIdentity) => void;
  /** Settles the oldest batch when its time is over. */
  readonly expire: () => void;
  /** The back-off is over: the oldest batch may be sent again. */
  readonly resume: () => void;
  /** Nobody will send any more: settles everything as it stands, the open batch as failed. */
  readonly abandon: (reason: string) => void;
  readonly idle: boolean;
};

export type LaneOptions = {
  readonly partition: number;
  readonly identity: ProducerIdentity;
  readonly firstSequence: number;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly settle: Settle;
};

/** Kafka remembers a producer's last five batches of a partition, so no more may be under way. */
const underWayMax = 5;
const firstBufferBytes = 16 * 1024;

export function createLane(options: LaneOptions): Lane {
  const { partition, clock, settle } = options;
  const writer = createBatchWriter(firstBufferBytes);
  let { identity, firstSequence: sequence } = options;
  let batches: LaneBatch[] = [];
  let underWay = 0;
  let retry: "none" | "waiting" | "due" = "none";
  let gap = false;
  let established = false;

  function next(): LaneBatch | undefined {
    if (gap || retry === "waiting") return undefined;
    if ((retry === "due" || !established) && underWay > 0) return undefined;
    if (underWay >= underWayMax) return undefined;
    const batch = batches.find((each) => !each.underWay && each.result === undefined) ?? takeOpen();
    if (batch === undefined) return undefined;
    batch.underWay = true;
    underWay += 1;
    return batch;
  }

  function takeOpen(): LaneBatch | undefined {
    if (writer.count === 0) return undefined;
    const batch: LaneBatch = {
      partition,
      draft: writer.take(),
      identity,
      sequence,
      bytes: undefined,
      sentAtMs: -1,
      deadlineMs: clock.monotonicMs() + options.deadlineMs,
      underWay: false,
      dirty: false,
      lastError: 0,
      result: undefined,
    };
    sequence = nextSequence(sequence, batch.draft.count);
    batches.push(batch);
    return batch;
  }

  function answered(batch: LaneBatch, errorCode: number, baseOffset: number): void {
    if (!batch.underWay) return; // abandoned meanwhile
    batch.underWay = false;
    underWay -= 1;
    batch.lastError = errorCode;
    switch (classifyProduceError(errorCode)) {
      case "acked":
        batch.result = { outcome: "acked", baseOffset };
        break;
      case "duplicate":
        batch.result = { outcome: "acked", baseOffset: -1 };
        break;
      case "unknown":
        batch.dirty = true;
        retry = "waiting";
        break;
      case "retriable":
        retry = "waiting";
        break;
      case "definite":
        batch.result = giveUp(batch);
        break;
      case "fatal":
        // Behind an unresolved batch this is its echo; for the oldest it says that the broker lost track of us.
        retry = "waiting";
        if (batch === oldestOpen()) gap = true;
        break;
    }
    settleOldest();
  }

  function oldestOpen(): LaneBatch | undefined {
    return batches.find((batch) => batch.result === undefined);
  }

  function giveUp(batch: LaneBatch): SendResult {
    const reason = brokerCodeName(batch.lastError);
    return { outcome: batch.dirty ? "unknown" : "failed", reason };
  }

  function settleOldest(): void {
    while (batches[0]?.result !== undefined) {
      const batch = batches.shift()!;
      const result = batch.result!;
      if (result.outcome !== "acked") gap = true;
      else {
        established = true;
        if (retry === "due") retry = "none";
      }
      settle(partition, batch.draft.count, batch.sentAtMs, result);
      // The socket of an attempt that was never answered may still hold the bytes of a dirty one.
      if (!batch.dirty) writer.give(batch.draft.bytes);
    }
  }

  function expire(): void {
    const oldest = oldestOpen();
    if (oldest === undefined || oldest.underWay || clock.monotonicMs() < oldest.deadlineMs) return;
    oldest.result = giveUp(oldest);
    settleOldest();
  }

  function renew(fresh: ProducerIdentity): void {
    identity = fresh;
    sequence = 0;
    for (const batch of batches) {
      if (batch.result !== undefined) continue;
      if (batch.dirty) {
        batch.result = giveUp(batch);
        continue;
      }
      batch.identity = identity;
      batch.sequence = sequence;
      batch.bytes = undefined;
      sequence = nextSequence(sequence, batch.draft.count);
    }
    settleOldest();
    gap = false;
    established = false;
    retry = "none";
  }

  function abandon(reason: string): void {
    for (const batch of batches) {
      const unsure = batch.underWay || batch.dirty;
      batch.result ??= { outcome: unsure ? "unknown" : "failed", reason };
      batch.underWay = false;
    }
    settleOldest();
    if (writer.count > 0) settle(partition, writer.count, -1, { outcome: "failed", reason });
    writer.reset();
    batches = [];
    underWay = 0;
  }

  return {
    writer,
    next,
    answered,
    get troubled() {
      return gap || retry !== "none";
    },
    get needsIdentity() {
      return gap && underWay === 0;
    },
    renew,
    expire,
    resume: () => {
      if (retry === "waiting") retry = "due";
    },
    abandon,
    get idle() {
      return batches.length === 0 && writer.count === 0;
    },
  };
}
