/** How many sends a plan holds: what a report calls planned. One pass over all readings, a second for some millions. */

import { fateNames } from "./fates.ts";
import { createPartitionWalk } from "./partition-walk.ts";
import type { Plan } from "./plan.ts";

export type SendCounts = {
  /** Records that go to Kafka: readings and second copies. */
  readonly sends: number;
  readonly readings: number;
  readonly duplicates: number;
  /** Readings by index into `fates`; missing ones are sent nowhere, so theirs is 0. */
  readonly byFate: readonly number[];
  /** Sends of each partition: the position at which its closing readings begin. */
  readonly byPartition: readonly number[];
};

/** `cutAt`: event ms at which the load ended early; only what leaves before it counts. */
export function countSends(plan: Plan, cutAt = Number.POSITIVE_INFINITY): SendCounts {
  const byFate = fateNames.map(() => 0);
  const byPartition: number[] = [];
  let duplicates = 0;
  for (let partition = 0; partition < plan.options.partitions; partition++) {
    const walk = createPartitionWalk(plan, partition);
    walk.advance(cutAt, (reading, copy) => {
      if (copy === 1) duplicates += 1;
      else byFate[reading.fate]! += 1;
    });
    byPartition.push(walk.position);
  }
  const sends = byPartition.reduce((sum, count) => sum + count, 0);
  return { sends, readings: sends - duplicates, duplicates, byFate, byPartition };
}
