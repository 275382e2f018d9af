/**
 * The live canary: proof, in this very run, that the checks were attached to the data. A copy of a bucket of each
 * store's rows, and of the published ones, with one record removed, one doubled and one altered goes through the same
 * checks; they must name exactly these three, beyond what they find in the original.
 */
import { isDeepStrictEqual } from "node:util";
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { checkAggregateTruth } from "./aggregate-truth.ts";
import { cutBucket } from "./canary-bucket.ts";
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
import { gatherStore, gatherStores, type StoreKeys } from "./store-keys.ts";
import { checkStore } from "./store-truth.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

export type CanaryResult = { readonly planted: number; readonly caught: number };

const nothingPlanted: CanaryResult = { planted: 0, caught: 0 };

/** Nothing can be planted in less than three windows: `planted` is 0 then, and the run INVALID. */
export function runCanary(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
  keys: readonly StoreKeys[] = gatherStores(facts, published.index),
): CanaryResult {
  const bucket = chooseBucket(facts, published, keys);
  const index = createWindowIndex(bucket);
  const results = bucket.stores.map((rows) => storeCanary(bucket, index, rows));
  results.push(topicCanary(bucket));
  const none = results.some((each) => each.planted === 0);
  const sum = (of: keyof CanaryResult): number => results.reduce((n, each) => n + each[of], 0);
  return none ? nothingPlanted : { planted: sum("planted"), caught: sum("caught") };
}

/** The windows among which each place has its candidates. */
function chooseBucket(facts: RunFacts, published: Published, keys: readonly StoreKeys[]): RunFacts {
  const { index } = published;
  const places = [...keys.map(onceInStore), onceInTopic(facts, published)];
  const candidates = places.map((placeOf) => gatherCandidates(facts, index, placeOf).places);
  const rows = new Set(candidates.flatMap((each) => each.map(({ row }) => row)));
  return cutBucket(facts, rows, published, keys);
}

/** Where the window of a ledger row stands, if it stands there once; -1: it does not. */
type PlaceOf = (row: number) => number;

function onceInStore({ first, further }: StoreKeys): PlaceOf {
  const twice = new Set(further.map(([row]) => row));
  return (row) => (twice.has(row) ? -1 : first[row]!);
}

function onceInTopic({ topics }: RunFacts, published: Published): PlaceOf {
  const { faults } = topics.aggregated.table.columns;
  return (row) => {
    const [only, ...others] = published.of(row);
    return only === undefined || others.length > 0 || faults[only] !== 0 ? -1 : only;
  };
}

function storeCanary(facts: RunFacts, index: WindowIndex, rows: StoreRows): CanaryResult {
  const keys = gatherStore(index, facts.audit.windows.length, rows);
  const candidates = gatherCandidates(facts, index, onceInStore(keys));
  const watched = new Set(candidates.names);
  const before = storeFindings(facts, index, rows, watched, keys);
  const plants = choose(candidates, before);
  if (plants === undefined) return nothingPlanted;
  const table = plant(rows.table, plants);
  const copy = { ...rows, table, deviceTexts: textsWithout(rows.deviceTexts, plants.removed.at) };
  const after = storeFindings(facts, index, copy, watched);
  return caughtOf(plants, index, facts, before, after);
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
  const candidates = gatherCandidates(facts, published.index, onceInTopic(facts, published));
  const watched = new Set(candidates.names);
  const before = topicFindings(facts, published, watched);
  const plants = choose(candidates, before);
  if (plants === undefined) return nothingPlanted;
  const table = plant(aggregated.table, plants);
  const deviceTexts = textsWithout(aggregated.deviceTexts, plants.removed.at);
  const changed = { ...facts, topics: { ...facts.topics, aggregated: { table, deviceTexts } } };
  const after = topicFindings(changed, gatherPublished(changed), watched);
  return caughtOf(plants, published.index, facts, before, after);
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
export function caughtOf(
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
