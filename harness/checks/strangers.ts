/**
 * Raw records that look like poisons of the run: those that it has put there are nobody's fault, any other is one that
 * nobody sent.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { FindingList } from "./finding.ts";

export function addStrangers({ audit, record }: WholeFacts, list: FindingList): void {
  const topic = record.topics.raw;
  const own = new Set(
    record.poisons
      ?.filter((poison) => poison.topic === topic)
      .map(({ partition, offset }) => `${partition}/${offset}`),
  );
  for (const { partition, strangers = [] } of audit.partitions) {
    for (const offset of strangers) {
      if (own.has(`${partition}/${offset}`)) continue;
      const found = "unreadable, and no poison that the run has put there";
      list.add("phantom", () => ({ topic, partition, offset, found }));
    }
  }
}
