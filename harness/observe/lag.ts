/**
 * How far a group is behind its topics: committed offsets against the ends, for the drain and the
 * live view.
 */
import type { Admin } from "@platformatic/kafka";

type PartitionLag = {
  readonly topic: string;
  readonly partition: number;
  /** -1: nothing committed yet. */
  readonly committed: bigint;
  /** First offset that the log still holds. */
  readonly start: bigint;
  /** Where a read-committed reader can get to now. */
  readonly lastStable: bigint;
  /** Above `lastStable` while a transaction is open. */
  readonly end: bigint;
  /**
   * Offsets between; markers of transactions are among them, so it is no exact number of records.
   */
  readonly lag: number;
};

export type GroupLag = {
  readonly group: string;
  readonly partitions: readonly PartitionLag[];
  /** Sum over the partitions. */
  readonly lag: number;
  /** Everything readable is committed, and no transaction is open in front of the end. */
  readonly drained: boolean;
};

const latest = -1n;
const earliest = -2n;

/** Errors: those of the requests. A group that does not exist yet has committed nothing. */
export async function readGroupLag(
  admin: Pick<Admin, "listOffsets" | "listConsumerGroupOffsets">,
  group: string,
  topics: readonly { readonly name: string; readonly partitions: number }[],
): Promise<GroupLag> {
  const asked = (timestamp: bigint) =>
    topics.map(({ name, partitions }) => ({
      name,
      partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp,
      })),
    }));
  // Committed first: asked the other way round, a quick job would seem to be ahead of its topic.
  const committed = offsetsOf(
    (await admin.listConsumerGroupOffsets({ groups: [group] }))[0]?.topics ?? [],
    ({ committedOffset }) => committedOffset,
  );
  const [starts, stables, ends] = await Promise.all([
    admin.listOffsets({ topics: asked(earliest) }),
    admin.listOffsets({ topics: asked(latest), isolationLevel: 1 }),
    admin.listOffsets({ topics: asked(latest), isolationLevel: 0 }),
  ]);
  const start = offsetsOf(starts, ({ offset }) => offset);
  const lastStable = offsetsOf(stables, ({ offset }) => offset);
  const end = offsetsOf(ends, ({ offset }) => offset);
  const partitions = topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition): PartitionLag => {
      const at = `${name}/${partition}`;
      const found = {
        committed: committed.get(at) ?? -1n,
        start: start.get(at) ?? 0n,
        lastStable: lastStable.get(at) ?? 0n,
        end: end.get(at) ?? 0n,
      };
      return { topic: name, partition, ...found, lag: lagOf(found) };
    }),
  );
  return {
    group,
    partitions,
    lag: partitions.reduce((sum, { lag }) => sum + lag, 0),
    drained: partitions.every(({ lag, lastStable, end }) => lag === 0 && lastStable === end),
  };
}

/** What lies before the log's start is gone: nobody is behind by it. */
export function lagOf(at: { committed: bigint; start: bigint; lastStable: bigint }): number {
  const from = at.committed > at.start ? at.committed : at.start;
  return at.lastStable > from ? Number(at.lastStable - from) : 0;
}

function offsetsOf<P extends { readonly partitionIndex: number }>(
  topics: readonly { readonly name: string; readonly partitions: readonly P[] }[],
  offset: (partition: P) => bigint,
): ReadonlyMap<string, bigint> {
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => [`${name}/${partition.partitionIndex}`, offset(partition)]),
    ),
  );
}
