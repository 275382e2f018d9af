/**
 * What the markers of the pipeline's own topics give away, for C3: nothing is visible of a
 * transaction that was not committed whole (`torn-txn`), nor of a producer whose successor had been
 * admitted (`zombie-write`).
 *
 * What makes a transaction one: its producer id and epoch, and time. A producer has one at a time,
 * and with KIP-890 an epoch is one transaction; without it an epoch is many, and no header says
 * which batch of one partition went with which of another. Two stretches of one producer and epoch
 * are one transaction for sure only where neither can have ended before the other began. Batches
 * bear their producer's clock, markers the broker's: how far the two are apart at most is taken
 * from the log itself (no batch is stamped behind its own marker, none before the marker before
 * it), and where even that contradicts itself nothing is told. So a torn transaction that was the
 * quickest of its epoch, or one of which a whole partition is missing, is not told here: what it
 * took away is C5's and C6's to name.
 *
 * A transaction that is open is C12's (`hung-txn`). The older *owner* of a partition, with another
 * producer id, is nobody's to fence: what it writes twice is told in C2.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import { rowOf } from "../facts/table.ts";
import {
  type TransactionFacts,
  transactionOutcomes,
  type transactionSpec,
  transactionTopics,
} from "../facts/transaction-rows.ts";
import type { FindingList } from "./finding.ts";

type Facts = Pick<WholeFacts, "record" | "topics">;
type Stretch = { readonly [K in keyof typeof transactionSpec]: number };

/** Adds what is wrong to `list`; returns how many stretches were looked at. */
export function addTransactions(facts: Facts, list: FindingList): number {
  const { transactions } = facts.topics;
  if (transactions === undefined) return 0;
  if (transactions === "not-kept") {
    const found = "not on file: the run folder is of a version that did not record them";
    list.add("unseen", () => ({ expected: "the transactions of the pipeline's topics", found }));
    return 0;
  }
  if (transactions.dropped > 0) {
    const found = `${transactions.dropped} transactions found no room in memory`;
    list.add("unseen", () => ({ expected: "every transaction on file", found }));
  }
  const stretches = stretchesOf(transactions);
  addFenced(facts, stretches, list);
  const sessions = Map.groupBy(stretches, ({ producerId, epoch }) => `${producerId}/${epoch}`);
  for (const session of sessions.values()) addTorn(facts, session, list);
  return stretches.length;
}

/** By topic, partition and offset. */
function stretchesOf({ table }: TransactionFacts): readonly Stretch[] {
  const all = Array.from({ length: table.length }, (_, row): Stretch => rowOf(table, row));
  const order = ["topic", "partition", "firstOffset"] as const;
  return all.sort((a, b) => order.map((name) => a[name] - b[name]).find((by) => by !== 0) ?? 0);
}

const outcomeOf = ({ outcome }: Stretch) => transactionOutcomes[outcome];

/**
 * Committed records behind a batch or a marker of a later epoch of their producer, in one
 * partition.
 */
function addFenced(facts: Facts, stretches: readonly Stretch[], list: FindingList): void {
  const byProducer = Map.groupBy(stretches, (at) => `${at.topic}/${at.partition}/${at.producerId}`);
  for (const own of byProducer.values()) {
    let newer = { epoch: -1, offset: -1 };
    const admit = (epoch: number, offset: number): void => {
      if (epoch > newer.epoch) newer = { epoch, offset };
    };
    const markers = own.filter(({ markerOffset }) => !Number.isNaN(markerOffset));
    markers.sort((a, b) => a.markerOffset - b.markerOffset);
    let ended = 0;
    for (const stretch of own) {
      for (; (markers[ended]?.markerOffset ?? Infinity) < stretch.firstOffset; ended++) {
        admit(markers[ended]!.markerEpoch, markers[ended]!.markerOffset);
      }
      const { epoch, firstOffset, producerId, records } = stretch;
      if (outcomeOf(stretch) === "committed" && epoch < newer.epoch) {
        const { epoch: later, offset } = newer;
        list.add("zombie-write", () => ({
          ...placeOf(facts, stretch),
          expected: `nothing of producer ${producerId} below epoch ${later}, which is at offset ${offset}`,
          found: `${records} committed records of epoch ${epoch}`,
        }));
      }
      admit(epoch, firstOffset);
    }
  }
}

/** One finding for each transaction of which one stretch was committed and another aborted. */
function addTorn(facts: Facts, session: readonly Stretch[], list: FindingList): void {
  const single = session.filter(({ transactions }) => transactions === 1);
  const aborted = single.filter((stretch) => outcomeOf(stretch) === "aborted");
  if (aborted.length === 0) return;
  const committed = single.filter((stretch) => outcomeOf(stretch) === "committed");
  const isSame = createIsSame(single);
  const told = new Set<Stretch>();
  for (const lost of aborted) {
    const visible = committed.filter((stretch) => isSame(stretch, lost));
    const [first] = visible;
    if (first === undefined || visible.some((stretch) => told.has(stretch))) continue;
    for (const stretch of visible) told.add(stretch);
    const { topic, partition, offset } = placeOf(facts, lost);
    const { producerId, epoch } = lost;
    list.add("torn-txn", () => ({
      ...placeOf(facts, first),
      expected: `all or nothing of a transaction of producer ${producerId}, epoch ${epoch}`,
      found: `committed here, aborted at ${topic}/${partition}@${offset}`,
    }));
  }
}

/** Whether two stretches of one session are one transaction for sure. */
function createIsSame(session: readonly Stretch[]): (a: Stretch, b: Stretch) => boolean {
  const ended = session.filter(({ markerStamp }) => !Number.isNaN(markerStamp));
  // How far the producer's clock is ahead of the broker's: at least, and at most.
  let [least, most] = [-Infinity, Infinity];
  for (const { lastStamp, markerStamp } of ended) least = Math.max(least, lastStamp - markerStamp);
  for (const own of Map.groupBy(ended, (at) => `${at.topic}/${at.partition}`).values()) {
    for (const [nth, { firstStamp }] of own.entries()) {
      const before = own[nth - 1];
      if (before !== undefined) most = Math.min(most, firstStamp - before.markerStamp);
    }
  }
  if (least > most) return () => false;
  const mayBeBefore = (a: Stretch, b: Stretch): boolean => a.markerStamp <= b.firstStamp - least;
  return (a, b) => !mayBeBefore(a, b) && !mayBeBefore(b, a);
}

function placeOf({ record }: Facts, { topic, partition, firstOffset }: Stretch) {
  return { topic: record.topics[transactionTopics[topic]!], partition, offset: firstOffset };
}
