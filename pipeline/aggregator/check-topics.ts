/** Output lies in the same partition number as its input: the topics must agree, and keep their partitions. */
import { KafkaError, type Log } from "../kafka/port.ts";
import { AggregatorError } from "./aggregator-error.ts";
import type { AggregatorConfig } from "./config.ts";

/**
 * The number of partitions that raw, aggregated, rejected and checkpoint topic have in common.
 * Errors: `AggregatorError` of code `topics`.
 */
export async function checkTopics(log: Log, topics: AggregatorConfig["topics"]): Promise<number> {
  const names = [topics.raw, topics.aggregated, topics.rejected, topics.checkpoints];
  const counts: number[] = [];
  for (const name of names) counts.push(await partitionCount(log, name));
  const first = counts[0]!;
  if (counts.every((count) => count === first)) return first;
  const list = names.map((name, index) => `${name} has ${counts[index]}`).join(", ");
  throw new AggregatorError(
    "topics",
    `raw, aggregated, rejected and checkpoint topic need the same number of partitions, but ${list}`,
  );
}

/** Errors: `AggregatorError` of code `topics` when the raw topic no longer has `partitions` partitions. */
export async function checkUnchanged(
  log: Log,
  topics: AggregatorConfig["topics"],
  partitions: number,
): Promise<void> {
  const now = await checkTopics(log, topics);
  if (now === partitions) return;
  throw new AggregatorError(
    "topics",
    `${topics.raw} had ${partitions} partitions and now has ${now}: devices have changed their partition, and ` +
      "their open windows would be split. Growing means new topics and aggregating anew",
  );
}

async function partitionCount(log: Log, topic: string): Promise<number> {
  try {
    return await log.partitionCount(topic);
  } catch (cause) {
    if (!(cause instanceof KafkaError) || cause.code !== "unknown-topic") throw cause;
    const message = `the topic ${topic} does not exist; create it before the aggregator starts`;
    throw new AggregatorError("topics", message, cause);
  }
}
