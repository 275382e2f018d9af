/** Records of `temperatures.aggregated` as columns: what was published, and where. */
import { addValues, createTable, type Table } from "./table.ts";

export const aggregatedSpec = {
  /** Index in the plan, or -1: `deviceTexts` has what stood there. */
  device: "i32",
  partition: "i32",
  offset: "f64",
  /** Start, epoch milliseconds; NaN when the record could not be read. */
  window: "f64",
  count: "f64",
  revision: "f64",
  /** Degrees, as published. */
  min: "f64",
  max: "f64",
  /** Hundredths of a degree. */
  sum: "f64",
  digestHi: "u32",
  digestLo: "u32",
  /** Bits of `aggregatedFaults`; 0: what can be told from the record alone is right. */
  faults: "u16",
  /** -1 for a writer without idempotence. */
  producerId: "f64",
} as const;

type AggregatedTable = Table<typeof aggregatedSpec>;
type AggregatedValues = { readonly [K in keyof typeof aggregatedSpec]: number };

/** What is wrong with a record by itself. Order is the bit. */
const aggregatedFaults = [
  "unreadable",
  "key",
  "names",
  "window.end",
  "window.day",
  "mean",
  "version",
  "digest",
] as const;
export type AggregatedFault = (typeof aggregatedFaults)[number];

export type AggregatedRows = {
  readonly table: AggregatedTable;
  /** By row, where `device` is -1. */
  readonly deviceTexts: Map<number, string>;
};

/** Records that are read a bucket at a time. Errors of `read`: `FactsError`. */
export type AggregatedBuckets = {
  readonly buckets: number;
  readonly read: (bucket: number) => AggregatedRows;
};

export function createAggregatedRows(): AggregatedRows {
  return { table: createTable(aggregatedSpec), deviceTexts: new Map() };
}

/** Takes records as they are read: keeps them, or writes them to files (`topic-files.ts`). */
export type AggregatedSink = {
  /** `text`: what stood in the place of a device, where `device` is -1. */
  readonly add: (values: AggregatedValues, text?: string) => void;
};

export function keepAggregated({ table, deviceTexts }: AggregatedRows): AggregatedSink {
  return {
    add: (values, text) => {
      const row = addValues(table, values);
      if (text !== undefined) deviceTexts.set(row, text);
    },
  };
}

export function faultBit(fault: AggregatedFault): number {
  return 1 << aggregatedFaults.indexOf(fault);
}

/** The names of the bits that are set. */
export function faultNames(faults: number): readonly AggregatedFault[] {
  return aggregatedFaults.filter((_, bit) => (faults & (1 << bit)) !== 0);
}
