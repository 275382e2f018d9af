/** Transactions of a producer by their place and their times, for histories. */
import type { Transaction } from "./history.ts";

/** From its first batch to its marker; `nth`: where in the partition. */
export function stretch(
  partition: number,
  nth: number,
  [firstStamp, lastStamp, markerStamp]: readonly [number, number, number],
  more: Transaction = {},
): Transaction {
  return {
    partition,
    ...{ firstOffset: nth * 10, lastOffset: nth * 10 + 8, markerOffset: nth * 10 + 9 },
    ...{ firstStamp, lastStamp, markerStamp },
    ...more,
  };
}

/** Two quick transactions of both partitions: batches are stamped at least 2 ms before their marker. */
export const session: readonly Transaction[] = [0, 1].flatMap((partition) => [
  stretch(partition, 0, [100, 101, 103]),
  stretch(partition, 1, [200, 201, 204]),
]);
