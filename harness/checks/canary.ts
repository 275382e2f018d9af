/**
 * The live canary: proof, in this very run, that the checks were attached to the data. A copy of each store's
 * rows, and of the published ones, with one record removed, one doubled and one altered goes through the same
 * checks; they must name exactly these three, beyond what they find in the original.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { addRow, copyTable, type Table, type TableSpec } from "../facts/table.ts";
import { checkAggregateTruth } from "./aggregate-truth.ts";
import { createFindingList, type Finding } from "./finding.ts";
import { checkNoDuplicate } from "./no-duplicate.ts";
import { gatherPublished } from "./published.ts";
import { gatherStore } from "./store-keys.ts";
import { checkStore } from "./store-truth.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

export type CanaryResult = { readonly planted: number; readonly caught: number };

/** Windows that stand once in the place: to be removed, doubled, altered. */
type Chosen = { readonly row: number; readonly at: number };
type Counts = ReadonlyMap<string, number>;
type Plants = { readonly removed: Chosen; readonly doubled: Chosen; readonly altered: Chosen };

const nothingPlanted: CanaryResult = { planted: 0, caught: 0 };

/** Nothing can be planted in less than three windows: `planted` is 0 then, and the run INVALID. */
export function runCanary(facts: RunFacts): CanaryResult {
  const index = createWindowIndex(facts);
  const results = facts.stores.map((rows) => storeCanary(facts, index, rows));
  results.push(topicCanary(facts));
  const none = results.some((each) => each.planted === 0);
  const sum = (of: keyof CanaryResult): number => results.reduce((n, each) => n + each[of], 0);
  return none ? nothingPlanted : { planted: sum("planted"), caught: sum("caught") };
}

function storeCanary(facts: RunFacts, index: WindowIndex, rows: StoreRows): CanaryResult {
  const { first, further } = gatherStore(index, facts.audit.windows.length, rows);
  const twice = new Set(further.map(([row]) => row));
  const plants = choose(facts, (row) => (twice.has(row) ? -1 : first[row]!));
  if (plants === undefined) return nothingPlanted;
  const table = plant(rows.table, plants);
  const { at } = plants.removed;
  const deviceTexts = textsWithout(rows.deviceTexts, at);
  const keys = rows.keys.toSpliced(at, 1);
  const before = storeFindings(facts, index, rows);
  const after = storeFindings(facts, index, { ...rows, table, keys, deviceTexts });
  return count(plants, index, facts, before, after);
}

function storeFindings(facts: RunFacts, index: WindowIndex, rows: StoreRows): Counts {
  const list = createFindingList(Number.POSITIVE_INFINITY);
  checkStore(facts, index, rows, list);
  return tallyFindings(list.findings);
}

function topicCanary(facts: RunFacts): CanaryResult {
  const { aggregated } = facts.topics;
  const published = gatherPublished(facts);
  const only = (row: number): number => {
    const records = published.of(row);
    return records.length === 1 && aggregated.table.columns.faults[records[0]!] === 0
      ? records[0]!
      : -1;
  };
  const plants = choose(facts, only);
  if (plants === undefined) return nothingPlanted;
  const table = plant(aggregated.table, plants);
  const deviceTexts = textsWithout(aggregated.deviceTexts, plants.removed.at);
  const changed = { ...facts.topics, aggregated: { table, deviceTexts } };
  const before = topicFindings(facts);
  const after = topicFindings({ ...facts, topics: changed });
  return count(plants, published.index, facts, before, after);
}

function topicFindings(facts: RunFacts): Counts {
  const list = createFindingList(Number.POSITIVE_INFINITY);
  const published = gatherPublished(facts);
  checkAggregateTruth(facts, published, list);
  const twice = checkNoDuplicate(facts, published, createFindingList(Number.POSITIVE_INFINITY));
  const inTopic = twice.findings.filter((each) => each.topic === facts.record.topics.aggregated);
  return tallyFindings([...list.findings, ...inTopic]);
}

/** Three windows that are due and stand once: from the middle, where a run is neither starting nor closing. */
function choose(facts: RunFacts, placeOf: (row: number) => number): Plants | undefined {
  const { firstDue } = facts.audit.windows.columns;
  const many = facts.audit.windows.length;
  const chosen: Chosen[] = [];
  for (let step = 0; step < many && chosen.length < 3; step++) {
    const row = (Math.floor(many / 2) + step) % many;
    const at = placeOf(row);
    if (firstDue[row]! > 0 && at >= 0) chosen.push({ row, at });
  }
  const [removed, doubled, altered] = chosen;
  if (removed === undefined || doubled === undefined || altered === undefined) return undefined;
  return { removed, doubled, altered };
}

/** What each plant must add, and that nothing else was added. */
function count(
  { removed, doubled, altered }: Plants,
  index: WindowIndex,
  facts: RunFacts,
  before: Counts,
  after: Counts,
): CanaryResult {
  const { device, window } = facts.audit.windows.columns;
  const key = (kind: Finding["class"], { row }: Chosen): string =>
    `${kind}/${index.nameOf(device[row]!)}/${window[row]}`;
  const wanted = [
    [key("lost-write", removed), key("unseen", removed)],
    [key("duplicate", doubled)],
    [key("corrupt", altered)],
  ];
  const grew = [...after].filter(([name, n]) => n > (before.get(name) ?? 0)).map(([name]) => name);
  const caught = wanted.filter((names) => names.some((name) => grew.includes(name))).length;
  const strange = grew.filter((name) => !wanted.flat().includes(name)).length;
  return { planted: 3, caught: strange > 0 ? Math.min(caught, 2) : caught };
}

function tallyFindings(findings: readonly Finding[]): Counts {
  const counts = new Map<string, number>();
  for (const { class: kind, device, window } of findings) {
    const name = `${kind}/${device}/${window}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** A copy with the altered row's sum off by a hundredth, the doubled row twice, and the removed one gone. */
function plant<S extends TableSpec & { readonly sum: "f64" }>(
  original: Table<S>,
  { removed, doubled, altered }: Plants,
): Table<S> {
  const table = copyTable(original);
  const sums: Float64Array = table.columns.sum;
  sums[altered.at]! += 1;
  const twin = addRow(table);
  for (const name of Object.keys(table.spec) as (keyof S)[]) {
    table.columns[name][twin] = table.columns[name][doubled.at]!;
  }
  return copyTable(table, removed.at);
}

function textsWithout(texts: ReadonlyMap<number, string>, gone: number): Map<number, string> {
  const kept = [...texts].filter(([row]) => row !== gone);
  return new Map(kept.map(([row, text]) => [row > gone ? row - 1 : row, text]));
}
