/**
 * Transactions of the pipeline's own topics as the observer notes them: quick and sound ones in every
 * partition, one of each kind that must not be, and what looks like one and is none.
 */
import { type AggregatedRows, createAggregatedRows } from "../../harness/facts/aggregated-rows.ts";
import { addValues, createTable, type TableSpec } from "../../harness/facts/table.ts";
import {
  type TransactionFacts,
  transactionOutcomes,
  transactionSpec,
} from "../../harness/facts/transaction-rows.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { Needle, Tampering } from "./needle.ts";
import { aggregatedTopic } from "./right-pipeline.ts";

type Values<S extends TableSpec> = { readonly [K in keyof S]: number };
type Stretch = Values<typeof transactionSpec>;
type Bent = Partial<Stretch> & { readonly nth: number };

/** Sound ones of each partition, before any other; far apart, so that which belong together is plain. */
const sound = 8;
const everyMs = 1_000;
/** Records of each. */
const records = 9;

const committed = transactionOutcomes.indexOf("committed");
const aborted = transactionOutcomes.indexOf("aborted");
const open = transactionOutcomes.indexOf("open");
const torn = "torn transaction";
const fenced = "write of a fenced epoch";
const hung = "hung transaction";
const nearMiss = "near miss: aborted, and the next one committed";

/**
 * What stands in partitions 0 and 1 behind the sound ones. A slow transaction cannot be two, so the
 * one that is committed here and aborted there was torn.
 */
const bent: Readonly<Record<string, readonly Bent[]>> = {
  [torn]: [
    { nth: sound, partition: 0, markerStamp: sound * everyMs + 300 },
    { nth: sound, partition: 1, markerStamp: sound * everyMs + 300, outcome: aborted },
  ],
  [fenced]: [
    { nth: sound + 1, partition: 0, producerId: 8, epoch: 1, markerEpoch: 1 },
    { nth: sound + 2, partition: 0, producerId: 8 },
  ],
  [hung]: [{ nth: sound + 3, partition: 1, producerId: 9, outcome: open }],
  [nearMiss]: [
    { nth: sound + 4, partition: 1, producerId: 10, outcome: aborted },
    { nth: sound + 5, partition: 0, producerId: 10 },
  ],
};

const topic = aggregatedTopic;
const needles: readonly Needle[] = [
  { name: torn, expected: { class: "torn-txn", topic, partition: 0, offset: offsetOf(sound) } },
  {
    name: fenced,
    expected: { class: "zombie-write", topic, partition: 0, offset: offsetOf(sound + 2) },
  },
  {
    name: hung,
    expected: { class: "hung-txn", topic, partition: 1, offset: offsetOf(sound + 3) },
  },
  { name: nearMiss, expected: undefined },
];

export const transactionNeedleNames: readonly string[] = needles.map(({ name }) => name);

export type TransactionNeedles = {
  readonly transactions: TransactionFacts;
  readonly needles: readonly Needle[];
};

/** `abortedRows`: aggregates that an abort took back. */
export function createTransactionNeedles(
  plan: Plan,
  tampering: Tampering,
  abortedRows: AggregatedRows = createAggregatedRows(),
): TransactionNeedles {
  const table = createTable(transactionSpec);
  for (let partition = 0; partition < plan.options.partitions; partition++) {
    for (let nth = 0; nth < sound; nth++) addValues(table, stretchOf({ nth, partition }));
  }
  for (const [name, stretches] of Object.entries(bent)) {
    if (tampering.withheld.includes(name)) continue;
    for (const stretch of stretches) addValues(table, stretchOf(stretch));
  }
  return {
    transactions: { table, dropped: 0, aborted: abortedRows, abortedDropped: 0 },
    needles: needles.filter(({ name }) => !tampering.unlisted.includes(name)),
  };
}

function offsetOf(nth: number): number {
  return nth * (records + 1);
}

/** A quick, committed transaction of one partition, but for what `more` says. */
function stretchOf({ nth, ...more }: Bent): Stretch {
  const firstStamp = nth * everyMs;
  const isOpen = more.outcome === open;
  return {
    topic: 0,
    partition: 0,
    producerId: 7,
    epoch: 0,
    firstOffset: offsetOf(nth),
    lastOffset: offsetOf(nth) + records - 1,
    records,
    firstStamp,
    lastStamp: firstStamp + 1,
    outcome: committed,
    markerOffset: isOpen ? Number.NaN : offsetOf(nth) + records,
    markerStamp: isOpen ? Number.NaN : firstStamp + 2,
    markerEpoch: 0,
    transactions: 1,
    ...more,
  };
}
