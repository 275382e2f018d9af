/**
 * The transactions of the topics that the pipeline writes, as the log itself tells of them: one row
 * for what one transaction wrote into one partition, with the marker that ended it. Read off batch
 * headers and control batches; no broker was asked.
 */
import type { AggregatedRows } from "./aggregated-rows.ts";
import type { Table } from "./table.ts";

export const transactionSpec = {
  /** Index into `transactionTopics`. */
  topic: "u8",
  partition: "i32",
  producerId: "f64",
  /** Of the batches. */
  epoch: "i32",
  firstOffset: "f64",
  lastOffset: "f64",
  records: "f64",
  /** Epoch ms as the batches say: their producer's clock, unless the topic has the broker's. */
  firstStamp: "f64",
  lastStamp: "f64",
  /** Index into `transactionOutcomes`. */
  outcome: "u8",
  /** Of the marker; NaN while there is none. The time is the broker's. */
  markerOffset: "f64",
  markerStamp: "f64",
  /**
   * With KIP-890 it is one above the batches' own; so, too, where a successor's fencing ended it.
   */
  markerEpoch: "i32",
  /** More than 1: so many committed ones in a row, which could not be kept one by one. */
  transactions: "f64",
} as const;

export const transactionTopics = ["aggregated", "rejected"] as const;
export type TransactionTopic = (typeof transactionTopics)[number];

export const transactionOutcomes = ["committed", "aborted", "open"] as const;

export type TransactionFacts = {
  /** Of a partition in the order in which they ended; the open ones last. */
  readonly table: Table<typeof transactionSpec>;
  /** How many found no room, not even with others of their kind in one row. */
  readonly dropped: number;
  /** Aggregates that an abort took back: nobody may have seen them. */
  readonly aborted: AggregatedRows;
  /** How many of them found no room. */
  readonly abortedDropped: number;
};
