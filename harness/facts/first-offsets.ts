/**
 * Where each producer first wrote into each partition of the aggregated topic: tells an older owner of a partition from
 * its successor, also where only some of the topic's rows are at hand.
 */
import type { AggregatedRows } from "./aggregated-rows.ts";

/** Offsets by `firstOffsetKey`. */
export type FirstOffsets = ReadonlyMap<string, number>;

export function firstOffsetKey(partition: number, producerId: number): string {
  return `${partition}/${producerId}`;
}

export type FirstOffsetsNoted = {
  readonly offsets: FirstOffsets;
  readonly note: (partition: number, producerId: number, offset: number) => void;
};

export function createFirstOffsets(): FirstOffsetsNoted {
  const offsets = new Map<string, number>();
  return {
    offsets,
    note: (partition, producerId, offset) => {
      const key = firstOffsetKey(partition, producerId);
      if ((offsets.get(key) ?? Number.POSITIVE_INFINITY) > offset) offsets.set(key, offset);
    },
  };
}

/** Of rows that are all of the topic. */
export function firstOffsetsOf({ table }: AggregatedRows): FirstOffsets {
  const { partition, offset, producerId } = table.columns;
  const { offsets, note } = createFirstOffsets();
  for (let at = 0; at < table.length; at++) note(partition[at]!, producerId[at]!, offset[at]!);
  return offsets;
}
