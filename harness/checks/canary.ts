/**
 * The live canary: proof, in this very run, that the checks were attached to the data. A copy of each store's
 * rows, and of the published ones, with one record removed, one doubled and one altered goes through the same
 * checks; they must name exactly these three, beyond what they find in the original.
 */
import { isDeepStrictEqual } from "node:util";
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { checkAggregateTruth } from "./aggregate-truth.ts";
import {
  type Chosen,
  choose,
  gatherCandidates,
  type Plants,
  plant,
  textsWithout,
} from "./canary-plants.ts";
import { type CanaryTally, createCanaryTally, windowName } from "./canary-tally.ts";
import type { Finding } from "./finding.ts";
import { checkNoDuplicate } from "./no-duplicate.ts";
import { gatherPublished, type Published } from "./published.ts";
import { gatherStore, type StoreKeys } from "./store-keys.ts";
import { checkStore } from "./store-truth.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

export type CanaryResult = { readonly planted: number; readonly caught: number };

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
  const keys = gatherStore(index, facts.audit.windows.length, rows);
  const { first, further } = keys;
  const twice = new Set(further.map(([row]) => row));
  const candidates = gatherCandidates(facts, index, (row) => (twice.has(row) ? -1 : first[row]!));
  const watched = new Set(candidates.names);
  const before = storeFindings(facts, index, rows, watched, keys);
  const plants = choose(candidates, before);
  if (plants === undefined) return nothingPlanted;
  const table = plant(rows.table, plants);
  const deviceTexts = textsWithout(rows.deviceTexts, plants.removed.at);
  // Keys are for readers of findings; nobody reads these.
  const copy = { ...rows, table, keys: [], packedKeys: undefined, deviceTexts };
  const after = storeFindings(facts, index, copy, watched);
  return count(plants, index, facts, before, after);
}

function storeFindings(
  facts: RunFacts,
  index: WindowIndex,
  rows: StoreRows,
  watched: ReadonlySet<string>,
  keys?: StoreKeys,
): CanaryTally {
  const tally = createCanaryTally(watched);
  checkStore(facts, index, rows, tally.list, undefined, keys);
  return tally;
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
  const candidates = gatherCandidates(facts, published.index, only);
  const watched = new Set(candidates.names);
  const before = topicFindings(facts, published, watched);
  const plants = choose(candidates, before);
  if (plants === undefined) return nothingPlanted;
  const table = plant(aggregated.table, plants);
  const deviceTexts = textsWithout(aggregated.deviceTexts, plants.removed.at);
  const changed = { ...facts, topics: { ...facts.topics, aggregated: { table, deviceTexts } } };
  const after = topicFindings(changed, gatherPublished(changed), watched);
  return count(plants, published.index, facts, before, after);
}

function topicFindings(
  facts: RunFacts,
  published: Published,
  watched: ReadonlySet<string>,
): CanaryTally {
  const tally = createCanaryTally(watched);
  checkAggregateTruth(facts, published, tally.list);
  const twice = createCanaryTally(watched, facts.record.topics.aggregated);
  checkNoDuplicate(facts, published, twice.list);
  return {
    ...tally,
    named: new Map([...tally.named, ...twice.named]),
    others: { ...tally.others, ...twice.others },
  };
}

/** What each plant must add, and that nothing else was added. */
function count(
  { removed, doubled, altered }: Plants,
  index: WindowIndex,
  facts: RunFacts,
  before: CanaryTally,
  after: CanaryTally,
): CanaryResult {
  const { device, window } = facts.audit.windows.columns;
  const key = (kind: Finding["class"], { row }: Chosen): string =>
    `${kind}/${windowName(index.nameOf(device[row]!), window[row]!)}`;
  const wanted = [
    [key("lost-write", removed), key("unseen", removed)],
    [key("duplicate", doubled)],
    [key("corrupt", altered)],
  ];
  const grew = [...after.named]
    .filter(([name, n]) => n > (before.named.get(name) ?? 0))
    .map(([name]) => name);
  const caught = wanted.filter((names) => names.some((name) => grew.includes(name))).length;
  const strange =
    grew.some((name) => !wanted.flat().includes(name)) ||
    !isDeepStrictEqual(before.others, after.others);
  return { planted: 3, caught: strange ? Math.min(caught, 2) : caught };
}
