/**
 * C5: per raw offset, raw = folded + duplicate + rejected. What was folded is counted in the published
 * windows; what was rejected is in the rejected topic, each raw offset once, with its reason and its bytes;
 * and nothing else is there. A sum that is off follows from a window that is: C6 names that window.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { gatherPublished, type Published } from "./published.ts";
import { checkRejected } from "./rejected.ts";

export function checkConservation(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
): CheckResult {
  const list = createFindingList();
  checkRejected(facts, list);
  checkFolded(facts, published, list);
  const records = facts.audit.partitions.reduce((sum, each) => sum + each.records, 0);
  return resultOf("C5", records, list);
}

/** By partition: the readings in the last revisions, against those that the log put into due windows. */
function checkFolded(facts: RunFacts, published: Published, list: FindingList): void {
  const { windows, partitions } = facts.audit;
  const { partition, count } = windows.columns;
  const expected = new Float64Array(partitions.length);
  const found = new Float64Array(partitions.length);
  const { count: publishedCount } = facts.topics.aggregated.table.columns;
  for (let row = 0; row < windows.length; row++) {
    if (!published.index.isDue(row)) continue;
    expected[partition[row]!]! += count[row]!;
    const last = published.of(row).at(-1);
    if (last !== undefined) found[partition[row]!]! += publishedCount[last]!;
  }
  for (const { partition: p } of partitions) {
    if (found[p] === expected[p]) continue;
    const lacks = found[p]! < expected[p]!;
    const kind = lacks ? (facts.topics.reachedEnd ? "silent-drop" : "unseen") : "wrong-aggregate";
    list.echo(kind);
  }
}
