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
  /** Of all topics; what is pending does not count. */
  readonly all: () => readonly PartitionOffset[];
  readonly forget: (partitions: readonly TopicPartition[]) => void;
};

type TopicPartition = Pick<PartitionOffset, "topic" | "partition">;

export function createMemoryOffsets(): MemoryOffsets {
  const committed = new Map<string, PartitionOffset>();
  const pending = new Map<number, PartitionOffset[]>();

  function commit(offsets: readonly PartitionOffset[]): void {
    for (const each of offsets) committed.set(placeOf(each), each);
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
      const at = committed.get(placeOf({ topic, partition }));
      if (at !== undefined) found.set(partition, { offset: at.offset, metadata: at.metadata });
    }
    return found;
  }

  return {
    commit,
    stage,
    decide,
    stable,
    all: () => [...committed.values()],
    forget: (partitions) => {
      for (const each of partitions) committed.delete(placeOf(each));
    },
  };
}

/** Topic names hold no slash. */
function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
