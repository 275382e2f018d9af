/**
 * A group's committed offsets in memory. Those of a transaction are pending until its marker decides;
 * meanwhile whoever asks for stable offsets has to wait (require_stable).
 */
import type { CommittedOffset, PartitionOffset } from "../../pipeline/kafka/port.ts";
import type { TransactionOutcome } from "./memory-batch.ts";

export type MemoryOffsets = {
  readonly commit: (offsets: readonly PartitionOffset[]) => void;
  /** Pending offsets of the producer's open transaction. */
  readonly stage: (producerId: number, offsets: readonly PartitionOffset[]) => void;
  readonly decide: (producerId: number, outcome: TransactionOutcome) => void;
  /** By partition, without those that have none; undefined while one of them is pending. */
  readonly stable: (
    topic: string,
    partitions: readonly number[],
  ) => ReadonlyMap<number, CommittedOffset> | undefined;
};

export function createMemoryOffsets(): MemoryOffsets {
  const committed = new Map<string, CommittedOffset>();
  const pending = new Map<number, PartitionOffset[]>();

  function commit(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset, metadata } of offsets) {
      committed.set(placeOf(topic, partition), { offset, metadata });
    }
  }

  function stage(producerId: number, offsets: readonly PartitionOffset[]): void {
    pending.set(producerId, [...(pending.get(producerId) ?? []), ...offsets]);
  }

  function decide(producerId: number, outcome: TransactionOutcome): void {
    if (outcome === "commit") commit(pending.get(producerId) ?? []);
    pending.delete(producerId);
  }

  function stable(
    topic: string,
    partitions: readonly number[],
  ): ReadonlyMap<number, CommittedOffset> | undefined {
    const undecided = [...pending.values()].flat();
    const unstable = undecided.some(
      (offset) => offset.topic === topic && partitions.includes(offset.partition),
    );
    if (unstable) return undefined;
    const found = new Map<number, CommittedOffset>();
    for (const partition of partitions) {
      const offset = committed.get(placeOf(topic, partition));
      if (offset !== undefined) found.set(partition, offset);
    }
    return found;
  }

  return { commit, stage, decide, stable };
}

/** Topic names hold no slash. */
function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
