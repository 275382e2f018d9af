/**
 * Who gets which partitions: Kafka's "range". Topics of the same partition count, wanted by the same members,
 * are co-partitioned: a member that has partition p of one has p of the others. Pure.
 * Source: org.apache.kafka.clients.consumer.RangeAssignor.
 */
export type GroupMember = {
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly topics: readonly string[];
};

/** Assigned topics and partitions by member id; every member has an entry. `partitions`: count by topic. */
export function assignRanges(
  members: readonly GroupMember[],
  partitions: ReadonlyMap<string, number>,
): Map<string, Map<string, number[]>> {
  const sorted = members.toSorted(staticFirst);
  const assigned = new Map(sorted.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  for (const [topic, count] of partitions) {
    const takers = sorted.filter(({ topics }) => topics.includes(topic));
    const share = Math.floor(count / takers.length);
    const larger = count % takers.length;
    let next = 0;
    for (const [index, { memberId }] of takers.entries()) {
      const size = share + (index < larger ? 1 : 0);
      const range = Array.from({ length: size }, (_, offset) => next + offset);
      if (size > 0) assigned.get(memberId)?.set(topic, range);
      next += size;
    }
  }
  return assigned;
}

/** Static members by their instance id, which outlives member ids; then the others. */
function staticFirst(a: GroupMember, b: GroupMember): number {
  if (a.groupInstanceId !== undefined && b.groupInstanceId !== undefined) {
    return compare(a.groupInstanceId, b.groupInstanceId);
  }
  if (a.groupInstanceId !== undefined) return -1;
  if (b.groupInstanceId !== undefined) return 1;
  return compare(a.memberId, b.memberId);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
