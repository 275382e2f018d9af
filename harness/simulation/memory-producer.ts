/** The client's side of a transactional id: sequences, the partitions of the open transaction, its end. */
import type { Clock } from "../../pipeline/clock.ts";
import {
  type Assignment,
  KafkaError,
  type PartitionOffset,
  type TransactionalProducer,
} from "../../pipeline/kafka/port.ts";
import type { BatchDraft } from "../../pipeline/kafka/wire/batch-writer.ts";
import { nextSequence, stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { MemoryLine } from "./memory-line.ts";
import type { Owner } from "./memory-transactions.ts";

export function createMemoryProducer(
  broker: MemoryBroker,
  owner: Owner,
  line: MemoryLine,
  clock: Clock,
): TransactionalProducer {
  const sequences = new Map<string, number>();
  let open = false;
  let closed = false;
  let failure: unknown;

  /** One request; after an error in any of them there is no next one. */
  async function once<T>(work: () => T | Promise<T>): Promise<T> {
    if (failure !== undefined) throw failure;
    if (closed) throw new KafkaError("closed", "the producer is closed", { definite: true });
    try {
      return await line.call(work);
    } catch (error) {
      failure ??= error;
      throw error;
    }
  }

  async function send(topic: string, partition: number, draft: BatchDraft): Promise<void> {
    open = true;
    await once(() => broker.addPartition(owner, topic, partition));
    await once(() => {
      const place = `${topic}/${partition}`;
      const baseSequence = sequences.get(place) ?? 0;
      const stamp = { ...owner, baseSequence, transactional: true, timestamp: clock.now() };
      broker.produce(topic, partition, stampBatch(draft, stamp), owner);
      sequences.set(place, nextSequence(baseSequence, draft.count));
    });
  }

  async function commit(
    assignment: Assignment,
    offsets: readonly PartitionOffset[],
    atOffsets?: () => Promise<void>,
  ): Promise<void> {
    if (!open && offsets.length === 0) return;
    open = true;
    if (offsets.length > 0) {
      await once(() => broker.addOffsets(owner, assignment.group));
      await once(() => broker.stageOffsets(owner, assignment, offsets));
    }
    await atOffsets?.();
    await once(() => broker.endTransaction(owner, "commit"));
    open = false;
  }

  async function abort(): Promise<void> {
    // A failed producer has nothing left to abort by itself: opening its id again does it.
    if (!open || failure !== undefined) return;
    await once(() => broker.endTransaction(owner, "abort"));
    open = false;
  }

  async function close(): Promise<void> {
    closed = true;
  }

  return { send, commit, abort, close };
}
