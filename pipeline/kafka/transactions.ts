/**
 * The transactional producer of a real cluster. Each partition has its own sequence and at most one batch in
 * flight, so that a batch whose outcome is unknown can be sent again as it is until the broker decides.
 * Any error ends the producer: what it left open is aborted by the next one that opens its id.
 */
import { deliverBatch } from "./deliver-batch.ts";
import { createEnrolment } from "./enrolment.ts";
import { KafkaError, type TransactionalProducer, type Transactions } from "./port.ts";
import { initTransactions, type TransactionRequests } from "./transaction-requests.ts";
import type { BatchDraft } from "./wire/batch-writer.ts";
import type { Broker } from "./wire/broker.ts";
import { nextSequence, stampBatch } from "./wire/stamp-batch.ts";

export function openTransactions(broker: Broker): Transactions {
  return {
    open: async (transactionalId, timeoutMs, signal) => {
      const requests = await initTransactions(broker, transactionalId, timeoutMs, signal);
      return openProducer(broker, requests, timeoutMs);
    },
  };
}

/** The open transaction: which partitions it has, and what is still on its way. */
type Transaction = {
  readonly added: Map<string, Promise<void>>;
  readonly sending: Set<Promise<void>>;
};

function openProducer(
  broker: Broker,
  requests: TransactionRequests,
  timeoutMs: number,
): TransactionalProducer {
  const { transactionalId, producerId, producerEpoch } = requests;
  const { clock } = broker;
  const purpose = `produce ${transactionalId}`;
  const sequences = new Map<string, number>();
  /** The batch in flight by partition; the next one waits for it. */
  const tails = new Map<string, Promise<void>>();
  let transaction: Transaction | undefined;
  let failure: unknown;
  let closed = false;
  const enroll = createEnrolment(requests.addPartitions);

  function usable(): void {
    if (failure !== undefined) throw failure;
    if (closed) throw new KafkaError("closed", "the producer is closed", { definite: true });
  }

  async function guarded<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    usable();
    try {
      return await act();
    } catch (error) {
      failure ??= error;
      throw error;
    }
  }

  function send(topic: string, partition: number, draft: BatchDraft): Promise<void> {
    return guarded(async () => {
      transaction ??= { added: new Map(), sending: new Set() };
      const { added, sending } = transaction;
      const name = `${partition} ${topic}`;
      const enrolled = added.get(name) ?? enroll({ topic, partition });
      added.set(name, enrolled);
      const before = tails.get(name) ?? Promise.resolve();
      const sent = Promise.all([before, enrolled]).then(() =>
        deliver(topic, partition, name, draft),
      );
      tails.set(name, sent);
      sending.add(sent);
      try {
        await sent;
      } finally {
        sending.delete(sent);
      }
    });
  }

  async function deliver(
    topic: string,
    partition: number,
    name: string,
    draft: BatchDraft,
  ): Promise<void> {
    const baseSequence = sequences.get(name) ?? 0;
    const transactional = true;
    const timestamp = clock.now();
    const stamp = { producerId, producerEpoch, baseSequence, transactional, timestamp };
    const bytes = stampBatch(draft, stamp);
    await deliverBatch(broker, {
      topic,
      partition,
      bytes,
      transactionalId,
      what: `batch for ${topic}-${partition} in transaction ${transactionalId}`,
      purpose,
      forMs: timeoutMs,
      signal: undefined,
    });
    sequences.set(name, nextSequence(baseSequence, draft.count));
  }

  function commit(
    ...[assignment, offsets, atOffsets]: Parameters<TransactionalProducer["commit"]>
  ) {
    return guarded(async () => {
      await Promise.all(transaction?.sending ?? []);
      if (offsets.length > 0) {
        transaction ??= { added: new Map(), sending: new Set() };
        await requests.addOffsets(assignment, offsets).catch(uncommitted);
      }
      await atOffsets?.();
      if (transaction !== undefined) await requests.end("commit");
      transaction = undefined;
    });
  }

  async function abort(): Promise<void> {
    // A failed producer has nothing left to abort by itself: opening its id again does it.
    if (failure !== undefined || transaction === undefined) return;
    await guarded(async () => {
      await Promise.allSettled(transaction?.sending ?? []);
      if (failure === undefined) await requests.end("abort");
      transaction = undefined;
    });
  }

  async function close(): Promise<void> {
    if (closed) return;
    try {
      await abort();
    } finally {
      closed = true;
    }
  }

  return { send, commit, abort, close };
}

/** Whatever became of the offsets on their way: without an EndTxn nothing is committed. */
function uncommitted(error: unknown): never {
  if (!(error instanceof KafkaError) || error.definite) throw error;
  throw new KafkaError(error.code, error.message, { definite: true, cause: error });
}
