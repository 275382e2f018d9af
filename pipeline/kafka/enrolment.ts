/**
 * Adds partitions to a transaction in as few requests as possible: those that come at once share one, and
 * those that come while it is on its way share the next.
 */
import type { TopicPartition, TransactionRequests } from "./transaction-requests.ts";

/** Resolves when the partition may be written to. Errors: those of `addPartitions`, then and ever after. */
export function createEnrolment(
  addPartitions: TransactionRequests["addPartitions"],
): (partition: TopicPartition) => Promise<void> {
  let waiting: TopicPartition[] = [];
  let round: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  return (partition) => {
    waiting.push(partition);
    round ??= last.then(() => {
      const asked = waiting;
      waiting = [];
      round = undefined;
      return addPartitions(asked);
    });
    last = round;
    return round;
  };
}
