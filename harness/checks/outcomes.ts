/** What became of a send, by partition and position: a binary search in the workers' ack ranges. */
import type { AckRange, Outcome } from "../facts/ack-ranges.ts";

export type Outcomes = {
  /** Undefined: no line names it. It was never sent, or its worker was killed before it could say. */
  readonly of: (partition: number, position: number) => Outcome | undefined;
  /** Sends of this outcome. */
  readonly count: (outcome: Outcome) => number;
  /** Of one partition, by position. */
  readonly ranges: (partition: number) => readonly AckRange[];
};

export function createOutcomes(acks: readonly AckRange[]): Outcomes {
  const byPartition = Map.groupBy(acks, (range) => range.partition);
  for (const ranges of byPartition.values()) ranges.sort((a, b) => a.from - b.from);

  function of(partition: number, position: number): Outcome | undefined {
    const ranges = byPartition.get(partition) ?? [];
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranges[middle]!.to <= position) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low];
    return range !== undefined && range.from <= position ? range.outcome : undefined;
  }

  return {
    of,
    count: (outcome) =>
      acks.reduce((sum, each) => sum + (each.outcome === outcome ? each.to - each.from : 0), 0),
    ranges: (partition) => byPartition.get(partition) ?? [],
  };
}
