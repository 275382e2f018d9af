/**
 * Whether the harness read what it judges by. Where the topics ended when the pipeline had come to
 * rest is known twice: by the readers themselves, and by the drain, which asked Kafka through
 * another client. A reader that says it came to the end, and stopped before the drain's, held
 * everything against a ledger of a shorter log: nothing that it would find is a fault of the
 * pipeline, and nothing that it would not find is proven. One that says itself that it did not come
 * to the end is no matter of this check.
 */
import type { WholeFacts } from "../facts/run-facts.ts";

/**
 * One for each topic that was read short; none for folders of versions that noted neither position.
 */
export function misreadSentences({
  record,
  audit,
  topics,
}: Pick<WholeFacts, "record" | "audit" | "topics">): readonly string[] {
  const { readTo, drainSeen } = record;
  if (readTo === undefined || drainSeen === undefined) return [];
  const sentences: string[] = [];
  for (const { topic, partitions } of drainSeen.stages) {
    const reached = reachedOf(topic);
    if (reached === undefined) continue;
    const short = partitions.filter(({ partition, end }) => (reached[partition] ?? 0) < end);
    const [first] = short;
    if (first === undefined) continue;
    const { partition, end } = first;
    const where = `${topic}-${partition}, which ends at ${end}`;
    const others = short.length > 1 ? ` (so in ${short.length} partitions)` : "";
    sentences.push(
      `the harness took offset ${reached[partition] ?? 0} for the end of ${where}${others}: ` +
        "it judged by less than the pipeline read",
    );
  }
  return [...new Set(sentences)];

  function reachedOf(topic: string): readonly number[] | undefined {
    if (topic === record.topics.raw) return audit.reachedEnd ? readTo?.raw : undefined;
    if (topic === record.topics.aggregated)
      return topics.reachedEnd ? readTo?.aggregated : undefined;
    return undefined;
  }
}
