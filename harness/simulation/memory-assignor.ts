/**
 * The range assignor: of every topic each member gets a contiguous range, so that equal partition numbers
 * of topics of equal size meet at one member. Source: Kafka `RangeAssignor`, `MemberInfo.compareTo`.
 */
export type Subscriber = {
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly topics: readonly string[];
};

/** Partitions by topic, by member id. Members that get none of a topic have an empty list there. */
export function assignRanges(
  subscribers: readonly Subscriber[],
  partitionCount: (topic: string) => number,
): ReadonlyMap<string, ReadonlyMap<string, readonly number[]>> {
  const sorted = [...subscribers].sort(inRangeOrder);
  const shares = new Map(sorted.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  const topics = new Set(sorted.flatMap((subscriber) => subscriber.topics));
  for (const topic of topics) {
    const takers = sorted.filter((subscriber) => subscriber.topics.includes(topic));
    const count = partitionCount(topic);
    const each = Math.floor(count / takers.length);
    const extra = count % takers.length; // one more for each of the first ones
    takers.forEach((taker, place) => {
      const from = each * place + Math.min(place, extra);
      const until = from + each + (place < extra ? 1 : 0);
      const share = Array.from({ length: until - from }, (_, index) => from + index);
      shares.get(taker.memberId)?.set(topic, share);
    });
  }
  return shares;
}

/** Static members first, by their lasting name; then the others by member id. */
function inRangeOrder(a: Subscriber, b: Subscriber): number {
  const aStatic = a.groupInstanceId !== undefined;
  const bStatic = b.groupInstanceId !== undefined;
  if (aStatic !== bStatic) return aStatic ? -1 : 1;
  const aName = a.groupInstanceId ?? a.memberId;
  const bName = b.groupInstanceId ?? b.memberId;
  if (aName === bName) return 0;
  return aName < bName ? -1 : 1;
}
