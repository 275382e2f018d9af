/**
 * What the dead-letter topic of a persisting job held: a row for every record, with the source that its headers name
 * and what its value says of itself, so that it can be laid beside the aggregated topic.
 */
import { createTable, type Table } from "./table.ts";

export const deadLetterSpec = {
  /** 1: the headers name a record of this run's aggregated topic; `partition` and `offset` are its. */
  ofAggregated: "u8",
  partition: "i32",
  offset: "f64",
  /** 1: the value is an aggregate, and what follows is from it. */
  readable: "u8",
  count: "f64",
  revision: "f64",
  sum: "f64",
  digestHi: "u32",
  digestLo: "u32",
  /** Where the dead letter itself lies. */
  atPartition: "i32",
  atOffset: "f64",
} as const;

export type DeadLetterRows = {
  /** The store that the job writes to. */
  readonly store: string;
  readonly topic: string;
  readonly table: Table<typeof deadLetterSpec>;
  /** How often each reason was given, in the words of the job; a limited number of them. */
  readonly reasons: Map<string, number>;
};

export function createDeadLetterRows(store: string, topic: string): DeadLetterRows {
  const table = createTable(deadLetterSpec);
  return { store, topic, table, reasons: new Map() };
}
