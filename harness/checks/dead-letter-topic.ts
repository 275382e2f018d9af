/**
 * What one dead-letter topic accounts for (C13): held against the windows that its store lacks and the records that it
 * names, wherever these are. Each of its letters is judged, also where one record has several.
 */
import type { DeadLetterRows } from "../facts/dead-letter-rows.ts";
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import type { FindingList } from "./finding.ts";
import type { Published } from "./published.ts";

export type DeadLetterTally = {
  /** Windows that the store lacks and for which there is a dead letter. */
  readonly skipped: number;
  /** Records in the dead-letter topic: after a crash some may be there twice. */
  readonly deadLetters: number;
  readonly reasons: Readonly<Record<string, number>>;
};

/** Bucket after bucket, then the tally; findings go to `list`. */
export function createDeadLetterTopic(
  { record }: WholeFacts,
  rows: DeadLetterRows,
  list: FindingList,
) {
  const poisons = (record.poisons ?? []).filter(({ topic }) => topic === record.topics.aggregated);
  // Before the drain's end the job may still come to a record.
  const kind = record.drain === "empty" ? "silent-drop" : "unseen";
  const letters = lettersByPlace(rows);
  const poisoned = new Set(poisons.map(({ partition, offset }) => placeOf(partition, offset)));
  /** Those of records that no bucket has had so far. */
  const unknown = new Map(letters);
  for (const place of poisoned) unknown.delete(place);
  let skipped = 0;

  function take(facts: RunFacts, published: Published, lacked: ReadonlySet<number>): void {
    const at = facts.topics.aggregated.table.columns;
    const windowAt = (row: number) => {
      const { device, window } = facts.audit.windows.columns;
      const name = published.index.nameOf(device[row]!);
      return { device: name, window: window[row]!, store: rows.store };
    };
    for (const row of lacked) {
      const last = published.of(row).at(-1);
      if (last === undefined) continue; // Never published: C6 names it.
      const [partition, offset] = [at.partition[last]!, at.offset[last]!];
      if (letters.has(placeOf(partition, offset))) skipped += 1;
      else {
        const found = `neither in the store nor in ${rows.topic}`;
        const place = { topic: record.topics.aggregated, partition, offset };
        list.add(kind, () => ({ ...windowAt(row), ...place, found }));
      }
    }
    for (const [place, one] of recordsAt(facts, unknown)) {
      unknown.delete(place);
      for (const letter of letters.get(place)!) judgeLetter(letter, place, one);
    }

    function judgeLetter(letter: number, place: string, one: number): void {
      if (!isSame(facts, letter, one)) {
        const found = `other values than ${place}, which it names`;
        list.add("corrupt", () => ({ ...placeOfLetter(letter), found }));
        return;
      }
      const row = rowOf(facts, published, one);
      const isLast = row >= 0 && published.of(row).at(-1) === one;
      if (isLast && !lacked.has(row) && letters.get(place)!.at(-1) === letter) {
        const found = "a dead letter, and in the store all the same";
        list.add("duplicate", () => ({ ...placeOfLetter(letter), ...windowAt(row), found }));
      }
    }
  }

  function isSame(facts: RunFacts, letter: number, one: number): boolean {
    const { columns } = rows.table;
    const at = facts.topics.aggregated.table.columns;
    return (
      columns.readable[letter] === 1 &&
      columns.revision[letter] === at.revision[one] &&
      columns.count[letter] === at.count[one] &&
      columns.sum[letter] === at.sum[one] &&
      columns.digestHi[letter] === at.digestHi[one] &&
      columns.digestLo[letter] === at.digestLo[one]
    );
  }

  function placeOfLetter(letter: number) {
    const { atPartition, atOffset } = rows.table.columns;
    const [partition, offset] = [atPartition[letter]!, atOffset[letter]!];
    return { topic: rows.topic, partition, offset, store: rows.store };
  }

  /** Once. */
  function tally(): DeadLetterTally {
    for (const { topic, partition, offset } of poisons) {
      if (letters.has(placeOf(partition, offset))) continue;
      const found = `a poison record without a dead letter in ${rows.topic}`;
      list.add(kind, () => ({ topic, partition, offset, store: rows.store, found }));
    }
    const { ofAggregated } = rows.table.columns;
    for (let letter = 0; letter < rows.table.length; letter++) {
      const { partition, offset } = rows.table.columns;
      const place = placeOf(partition[letter]!, offset[letter]!);
      if (ofAggregated[letter] === 1 && !unknown.has(place)) continue;
      const found = `names ${place}, which is no record`;
      list.add("phantom", () => ({ ...placeOfLetter(letter), found }));
    }
    return {
      skipped,
      deadLetters: rows.table.length,
      reasons: Object.fromEntries(rows.reasons),
    };
  }

  return { store: rows.store, take, tally };
}

/** Of a record: the ledger's row that it is of; -1: none. */
function rowOf({ topics: { aggregated } }: RunFacts, { index }: Published, record: number): number {
  const { device, window } = aggregated.table.columns;
  const known = index.deviceOf(device[record]!, aggregated.deviceTexts.get(record));
  return index.rowOf(known, window[record]!);
}

function placeOf(partition: number, offset: number): string {
  return `partition ${partition}, offset ${offset}`;
}

/**
 * Those of each record of the aggregated topic: after a crash a job may have written one again. What
 * names a record of another topic accounts for none, though it be at the same place.
 */
function lettersByPlace({ table }: DeadLetterRows): ReadonlyMap<string, readonly number[]> {
  const { partition, offset, ofAggregated } = table.columns;
  const letters = new Map<string, number[]>();
  for (let row = 0; row < table.length; row++) {
    if (ofAggregated[row] !== 1) continue;
    const place = placeOf(partition[row]!, offset[row]!);
    const known = letters.get(place);
    if (known === undefined) letters.set(place, [row]);
    else known.push(row);
  }
  return letters;
}

/** Rows of the aggregated topic that dead letters name. */
function recordsAt(
  { topics }: RunFacts,
  letters: ReadonlyMap<string, unknown>,
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
