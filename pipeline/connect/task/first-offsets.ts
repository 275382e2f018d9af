/**
 * Where the partitions of an assignment are read from: their committed offsets, or what the config
 * says.
 */
import type { Work } from "./assignment-work.ts";
import { insist } from "./insist.ts";
import { TaskError } from "./task-error.ts";

/**
 * Undefined when the work ended first. Errors: `TaskError` for `auto.offset.reset=none`,
 * `KafkaError`.
 */
export async function firstOffsets(
  topic: string,
  partitions: readonly number[],
  work: Work,
): Promise<ReadonlyMap<number, number> | undefined> {
  const { kafka, config, assignment, ending, commits } = work;
  const { offsetReset, isolation } = config.consumer;
  const patience = { ...work, signal: ending };
  const committed = await insist(
    () => kafka.groups.committed(assignment.group, topic, partitions, ending),
    patience,
  );
  if (committed === undefined) return undefined;
  const fresh = partitions.filter((partition) => !committed.has(partition));
  if (offsetReset === "none" && fresh.length > 0) {
    const message =
      `${topic}, partitions ${fresh.join(", ")}: there is no committed offset, and ` +
      "consumer.override.auto.offset.reset is 'none'. Set the job's offsets, or another reset";
    throw new TaskError("no-offset", message);
  }
  const ask =
    offsetReset === "latest"
      ? () => kafka.log.endOffsets(topic, fresh, isolation)
      : () => kafka.log.startOffsets(topic, fresh);
  const starts = fresh.length === 0 ? new Map<number, number>() : await insist(ask, patience);
  if (starts === undefined) return undefined;
  // Otherwise a task that ends before its first record would skip what comes until its next start.
  if (offsetReset === "latest") commits.note(topic, starts);
  const from = new Map(starts);
  for (const [partition, { offset }] of committed) from.set(partition, offset);
  return from;
}
