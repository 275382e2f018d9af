/** `consumer.override.*`: how the job reads from Kafka. By the names of Kafka's Java consumer. */
import { dayMs, groupOf, type KeySpecs } from "./key-spec.ts";

const mebibyte = 1024 * 1024;

export const consumerKeys: KeySpecs = groupOf("Consumer", {
  "consumer.override.auto.offset.reset": {
    type: "choice",
    of: ["earliest", "latest", "none"],
    fallback: "earliest",
    importance: "medium",
    doc: "Where a partition without a committed offset is read from; none: the task fails.",
  },
  "consumer.override.isolation.level": {
    type: "choice",
    of: ["read_committed", "read_uncommitted"],
    fallback: "read_committed",
    importance: "medium",
    doc: "read_uncommitted also stores what a transaction took back.",
  },
  "consumer.override.fetch.max.bytes": bytes(
    1 * mebibyte,
    "Of one fetch, all partitions together.",
  ),
  "consumer.override.max.partition.fetch.bytes": bytes(mebibyte / 2, "Of one fetch, by partition."),
  "consumer.override.fetch.min.bytes": {
    ...bytes(1, "The broker answers a fetch once it has so many, or its wait is over."),
    min: 1,
  },
  "consumer.override.fetch.max.wait.ms": {
    type: "int",
    min: 1,
    max: 30_000,
    fallback: 500,
    importance: "low",
    doc: "How long the broker may wait for fetch.min.bytes.",
  },
  "consumer.override.session.timeout.ms": {
    type: "int",
    min: 1_000,
    max: dayMs,
    fallback: 10_000,
    importance: "medium",
    doc: "A task that is not heard of for so long gives its partitions to others.",
  },
  "consumer.override.max.poll.interval.ms": {
    type: "int",
    min: 1_000,
    max: dayMs,
    fallback: 60_000,
    importance: "medium",
    doc: "How long a task may take to give partitions up when the group asks for them.",
  },
});

/**
 * A fetch is held in memory three times (two under way, one read ahead) for each task: hence the
 * upper limit.
 */
function bytes(fallback: number, doc: string) {
  const limits = { min: 1_024, max: 64 * mebibyte };
  return { type: "int", ...limits, fallback, importance: "low", doc } as const;
}
