/**
 * C2: each send occurs in the raw topic once (the plan itself sends some readings twice; a send of
 * unknown outcome occurs once or not at all), and each (device, window, revision) once in the
 * aggregated topic. One that came again is a `zombie-write` where its producer is an older owner of
 * the partition than the one that had written it: it went on with what was no longer its own.
 * (Producers of one transactional id are fenced by epoch: C3.)
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
  const { revision, partition, offset, producerId } = columns;
  const isOlderOwner = createIsOlderOwner(facts);
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
      const isZombie = isOlderOwner(partition[at]!, producerId[at]!, producerId[first]!);
      const by = isZombie ? `, by producer ${producerId[at]}, whose successor had written it` : "";
      list.add(isZombie ? "zombie-write" : "duplicate", () => ({
        device: published.index.nameOf(device[row]!),
        window: window[row]!,
        topic: facts.record.topics.aggregated,
        partition: partition[at]!,
        offset: offset[at]!,
        found: `revision ${revision[at]} published again${other}${by}`,
      }));
    }
  }
  return resultOf(
    "C2",
    facts.audit.partitions.reduce((sum, each) => sum + each.records, 0),
    list,
  );
}

/** Whether the first producer had written into the partition before the other first did. */
function createIsOlderOwner({ topics }: Pick<RunFacts, "topics">) {
  const { partition, offset, producerId } = topics.aggregated.table.columns;
  let firsts: Map<string, number> | undefined;
  const firstOffsets = (): Map<string, number> => {
    const found = new Map<string, number>();
    for (let at = 0; at < topics.aggregated.table.length; at++) {
      const key = `${partition[at]}/${producerId[at]}`;
      if ((found.get(key) ?? Number.POSITIVE_INFINITY) > offset[at]!) found.set(key, offset[at]!);
    }
    return found;
  };
  return (at: number, one: number, other: number): boolean => {
    if (one === other) return false;
    firsts ??= firstOffsets();
    return firsts.get(`${at}/${one}`)! < firsts.get(`${at}/${other}`)!;
  };
}
