/**
 * C5: per raw offset, raw = folded + duplicate + rejected. What was folded is counted in the published
 * windows; what was rejected is in the rejected topic, each raw offset once, with its reason and its bytes;
 * and nothing else is there. A sum that is off follows from a window that is: C6 names that window.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type RowClause, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import type { Published } from "./published.ts";
import { checkRejected } from "./rejected.ts";

export function createConservation(whole: WholeFacts): RowClause {
  const { partitions } = whole.audit;
  const list = createFindingList();
  const folded = { expected: sums(partitions.length), found: sums(partitions.length) };
  return {
    take: (facts, published) => {
      checkRejected(facts, list);
      sumFolded(facts, published, folded);
    },
    result: () => {
      checkFolded(whole, folded, list);
      const records = partitions.reduce((sum, each) => sum + each.records, 0);
      return resultOf("C5", records, list);
    },
  };
}

/** By partition: readings in the windows that are due, and in their last published revisions. */
type Folded = { readonly expected: Float64Array; readonly found: Float64Array };

function sums(partitions: number): Float64Array {
  return new Float64Array(partitions);
}

function sumFolded(facts: RunFacts, published: Published, { expected, found }: Folded): void {
  const { windows } = facts.audit;
  const { partition, count } = windows.columns;
  const { count: publishedCount } = facts.topics.aggregated.table.columns;
  for (let row = 0; row < windows.length; row++) {
    if (!published.index.isDue(row)) continue;
    expected[partition[row]!]! += count[row]!;
    const last = published.of(row).at(-1);
    if (last !== undefined) found[partition[row]!]! += publishedCount[last]!;
  }
}

function checkFolded(
  { audit, topics }: Pick<WholeFacts, "audit" | "topics">,
  { expected, found }: Folded,
  list: FindingList,
): void {
  for (const { partition: p } of audit.partitions) {
    if (found[p] === expected[p]) continue;
    const lacks = found[p]! < expected[p]!;
    const kind = lacks ? (topics.reachedEnd ? "silent-drop" : "unseen") : "wrong-aggregate";
    list.echo(kind);
  }
}
