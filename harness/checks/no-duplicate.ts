/**
 * C2: each send occurs in the raw topic once (the plan itself sends some readings twice; a send of unknown
 * outcome occurs once or not at all), and each (device, window, revision) once in the aggregated topic.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { addAudited } from "./from-audit.ts";
import { gatherPublished, type Published } from "./published.ts";

export function checkNoDuplicate(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
  list: FindingList = createFindingList(),
): CheckResult {
  addAudited(list, facts.audit, ["duplicate"]);
  const { device, window } = facts.audit.windows.columns;
  const { revision, partition, offset } = facts.topics.aggregated.table.columns;
  for (let row = 0; row < facts.audit.windows.length; row++) {
    const records = published.of(row);
    if (records.length < 2) continue;
    const seen = new Set<number>();
    for (const at of records) {
      if (!seen.has(revision[at]!)) {
        seen.add(revision[at]!);
        continue;
      }
      list.add("duplicate", () => ({
        device: published.index.nameOf(device[row]!),
        window: window[row]!,
        topic: facts.record.topics.aggregated,
        partition: partition[at]!,
        offset: offset[at]!,
        found: `revision ${revision[at]} published again`,
      }));
    }
  }
  return resultOf(
    "C2",
    facts.audit.partitions.reduce((sum, each) => sum + each.records, 0),
    list,
  );
}
