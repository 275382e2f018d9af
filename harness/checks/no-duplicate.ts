/**
 * C2: each send occurs in the raw topic once (the plan itself sends some readings twice; a send of
 * unknown outcome occurs once or not at all), and each (device, window, revision) once in the
 * aggregated topic. One that came again is a `zombie-write` where its producer is an older owner of
 * the partition than the one that had written it: it went on with what was no longer its own.
 * (Producers of one transactional id are fenced by epoch: C3.)
 */
import { firstOffsetKey, firstOffsetsOf } from "../facts/first-offsets.ts";
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, type RowClause, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { addAudited } from "./from-audit.ts";
import { gatherPublished, type Published } from "./published.ts";

const contents = ["count", "sum", "min", "max", "digestHi", "digestLo"] as const;

export function checkNoDuplicate(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
  list: FindingList = createFindingList(),
): CheckResult {
  const clause = createNoDuplicate(facts, list);
  clause.take(facts, published);
  return clause.result();
}

export function createNoDuplicate(
  { audit }: Pick<WholeFacts, "audit">,
  list: FindingList = createFindingList(),
): RowClause {
  addAudited(list, audit, ["duplicate"]);
  const records = audit.partitions.reduce((sum, each) => sum + each.records, 0);
  return {
    take: (facts, published) => addRepeated(facts, published, list),
    result: () => resultOf("C2", records, list),
  };
}

function addRepeated(facts: RunFacts, published: Published, list: FindingList): void {
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
}

/** Whether the first producer had written into the partition before the other first did. */
function createIsOlderOwner({ topics }: Pick<RunFacts, "topics">) {
  let { firstOffsets } = topics;
  return (partition: number, one: number, other: number): boolean => {
    if (one === other) return false;
    firstOffsets ??= firstOffsetsOf(topics.aggregated);
    const [first, second] = [one, other].map((id) =>
      firstOffsets?.get(firstOffsetKey(partition, id)),
    );
    return first! < second!;
  };
}
