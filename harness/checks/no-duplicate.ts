/**
 * C2: each send occurs in the raw topic once (the plan itself sends some readings twice; a send of unknown
 * outcome occurs once or not at all), and each (device, window, revision) once in the aggregated topic.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { addAudited } from "./from-audit.ts";
import { gatherPublished, type Published } from "./published.ts";

const contents = ["count", "sum", "min", "max", "digestHi", "digestLo"] as const;

export function checkNoDuplicate(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
  list: FindingList = createFindingList(),
): CheckResult {
  addAudited(list, facts.audit, ["duplicate"]);
  const { device, window } = facts.audit.windows.columns;
  const { columns } = facts.topics.aggregated.table;
  const { revision, partition, offset } = columns;
  for (let row = 0; row < facts.audit.windows.length; row++) {
    const records = published.of(row);
    if (records.length < 2) continue;
    const seen = new Map<number, number>();
    for (const at of records) {
      const first = seen.get(revision[at]!);
      if (first === undefined) {
        seen.set(revision[at]!, at);
        continue;
      }
      const same = contents.every((name) => columns[name][at] === columns[name][first]);
      const other = same
        ? ""
        : `, with other values: count ${columns.count[at]}, sum ${columns.sum[at]}`;
      list.add("duplicate", () => ({
        device: published.index.nameOf(device[row]!),
        window: window[row]!,
        topic: facts.record.topics.aggregated,
        partition: partition[at]!,
        offset: offset[at]!,
        found: `revision ${revision[at]} published again${other}`,
      }));
    }
  }
  return resultOf(
    "C2",
    facts.audit.partitions.reduce((sum, each) => sum + each.records, 0),
    list,
  );
}
