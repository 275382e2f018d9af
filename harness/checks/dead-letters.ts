/**
 * C13: what a job skipped is exactly what its dead-letter topic holds. Each window that its store lacks, or holds in
 * an older revision than the last published one, has a dead letter of that last record; so has each poison record.
 * Each dead letter names a record of the aggregated topic and carries its values; none is of a last revision that the
 * store has all the same. That the store lacks them is C7's finding; here they are accounted for.
 */
import type { DeadLetterRows } from "../facts/dead-letter-rows.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import type { Published } from "./published.ts";
import type { Lacking, StoreTally } from "./store-truth.ts";
import type { Reason } from "./validity.ts";

export type DeadLetterTally = {
  /** Windows that the store lacks and for which there is a dead letter. */
  readonly skipped: number;
  /** Records in the dead-letter topic: after a crash some may be there twice. */
  readonly deadLetters: number;
  readonly reasons: Readonly<Record<string, number>>;
};

/** Undefined for a run none of whose jobs has a dead-letter topic. */
export function checkDeadLetters(
  facts: RunFacts,
  published: Published,
  lacking: Lacking,
):
  | { readonly result: CheckResult; readonly tallies: ReadonlyMap<string, DeadLetterTally> }
  | undefined {
  if (facts.deadLetters.length === 0) return undefined;
  const list = createFindingList();
  const tallies = new Map<string, DeadLetterTally>();
  let evaluated = 0;
  for (const rows of facts.deadLetters) {
    const lacked = lacking.get(rows.store) ?? new Set();
    tallies.set(rows.store, checkOne(facts, published, lacked, rows, list));
    evaluated += facts.audit.windows.length + rows.table.length;
  }
  return { result: resultOf("C13", evaluated, list), tallies };
}

/** What a policy skipped is not persisted, whatever becomes of the dead letters: said beside C7, which counts it. */
export function skippedReasons(
  facts: RunFacts,
  tallies: ReadonlyMap<string, DeadLetterTally> = new Map(),
): readonly Reason[] {
  return facts.deadLetters.flatMap(({ store, topic }): readonly Reason[] => {
    const skipped = tallies.get(store)?.skipped ?? 0;
    if (skipped === 0) return [];
    const why =
      `${store} lacks ${skipped} windows that its job skipped under its error policy; ` +
      `each of them lies in the dead-letter topic ${topic}`;
    return [{ verdict: "FAIL", why }];
  });
}

/** The stores' tallies with what the dead letters say of them. */
export function withSkipped(
  stores: Readonly<Record<string, StoreTally>>,
  tallies: ReadonlyMap<string, DeadLetterTally> = new Map(),
): Readonly<Record<string, StoreTally>> {
  const entries = Object.entries(stores).map(([store, tally]): [string, StoreTally] => {
    const letters = tallies.get(store);
    if (letters === undefined) return [store, tally];
    const { skipped, deadLetters, reasons: deadLetterReasons } = letters;
    return [store, { ...tally, skipped, deadLetters, deadLetterReasons }];
  });
  return Object.fromEntries(entries);
}

function checkOne(
  facts: RunFacts,
  published: Published,
  lacked: ReadonlySet<number>,
  rows: DeadLetterRows,
  list: FindingList,
): DeadLetterTally {
  const { aggregated } = facts.topics;
  const poisons = (facts.record.poisons ?? []).filter(
    ({ topic }) => topic === facts.record.topics.aggregated,
  );
  const at = aggregated.table.columns;
  // Before the drain's end the job may still come to a record.
  const isOver = facts.record.drain === "empty";
  const letters = lettersByPlace(rows);
  const records = recordsAt(facts, letters);

  let skipped = 0;
  for (const row of lacked) {
    const last = published.of(row).at(-1);
    if (last === undefined) continue; // Never published: C6 names it.
    if (letters.has(placeOf(at.partition[last]!, at.offset[last]!))) skipped += 1;
    else {
      list.add(isOver ? "silent-drop" : "unseen", () => ({
        ...windowAt(row),
        ...recordAt(last),
        found: `neither in the store nor in ${rows.topic}`,
      }));
    }
  }
  const poisoned = new Set(poisons.map(({ partition, offset }) => placeOf(partition, offset)));
  for (const { topic, partition, offset } of poisons) {
    if (letters.has(placeOf(partition, offset))) continue;
    const found = `a poison record without a dead letter in ${rows.topic}`;
    list.add(isOver ? "silent-drop" : "unseen", () => ({
      topic,
      partition,
      offset,
      store: rows.store,
      found,
    }));
  }
  for (let letter = 0; letter < rows.table.length; letter++) judgeLetter(letter);
  return { skipped, deadLetters: rows.table.length, reasons: Object.fromEntries(rows.reasons) };

  function judgeLetter(letter: number): void {
    const { columns } = rows.table;
    const place = placeOf(columns.partition[letter]!, columns.offset[letter]!);
    const isOurs = columns.ofAggregated[letter] === 1;
    const here = {
      topic: rows.topic,
      partition: columns.atPartition[letter]!,
      offset: columns.atOffset[letter]!,
      store: rows.store,
    };
    if (isOurs && poisoned.has(place)) return;
    const record = isOurs ? records.get(place) : undefined;
    if (record === undefined) {
      list.add("phantom", () => ({ ...here, found: `names ${place}, which is no record` }));
      return;
    }
    const isSame =
      columns.readable[letter] === 1 &&
      columns.revision[letter] === at.revision[record] &&
      columns.count[letter] === at.count[record] &&
      columns.sum[letter] === at.sum[record] &&
      columns.digestHi[letter] === at.digestHi[record] &&
      columns.digestLo[letter] === at.digestLo[record];
    if (!isSame) {
      list.add("corrupt", () => ({ ...here, found: `other values than ${place}, which it names` }));
      return;
    }
    const row = rowOf(record);
    const isLast = row >= 0 && published.of(row).at(-1) === record;
    if (isLast && !lacked.has(row) && letters.get(place) === letter) {
      const found = "a dead letter, and in the store all the same";
      list.add("duplicate", () => ({ ...here, ...windowAt(row), found }));
    }
  }

  function rowOf(record: number): number {
    const text = aggregated.deviceTexts.get(record);
    const device = published.index.deviceOf(at.device[record]!, text);
    return published.index.rowOf(device, at.window[record]!);
  }

  function windowAt(row: number) {
    const { device, window } = facts.audit.windows.columns;
    const name = published.index.nameOf(device[row]!);
    return { device: name, window: window[row]!, store: rows.store };
  }

  function recordAt(record: number) {
    const { partition, offset } = at;
    const topic = facts.record.topics.aggregated;
    return { topic, partition: partition[record]!, offset: offset[record]! };
  }
}

function placeOf(partition: number, offset: number): string {
  return `partition ${partition}, offset ${offset}`;
}

/**
 * One dead letter for each record of the aggregated topic; after a crash a job may have written one
 * again. What names a record of another topic accounts for none, though it be at the same place.
 */
function lettersByPlace({ table }: DeadLetterRows): ReadonlyMap<string, number> {
  const { partition, offset, ofAggregated } = table.columns;
  const letters = new Map<string, number>();
  for (let row = 0; row < table.length; row++) {
    if (ofAggregated[row] === 1) letters.set(placeOf(partition[row]!, offset[row]!), row);
  }
  return letters;
}

/** Rows of the aggregated topic that dead letters name. */
function recordsAt(
  { topics }: RunFacts,
  letters: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (letters.size === 0) return found;
  const { table } = topics.aggregated;
  const { partition, offset } = table.columns;
  for (let row = 0; row < table.length; row++) {
    const place = placeOf(partition[row]!, offset[row]!);
    if (letters.has(place)) found.set(place, row);
  }
  return found;
}
