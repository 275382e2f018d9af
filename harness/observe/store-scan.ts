/**
 * What a scan of a store came to, so that it can be held against another: in memory here, on file by
 * `hold-scan.ts`. A scan that is only judged goes to file by `record-scan.ts`.
 */
import { createStoreRows, keepStoreRows, type StoreRows } from "../facts/store-rows.ts";
import type { StoreMapping } from "../scenario/scenario.ts";
import { createStoreDigest, type Fingerprints } from "./store-digest.ts";
import { type DeviceLookup, mappedColumns, type ScanTaker, takeScan } from "./take-scan.ts";

/** Rows that can be held against those of another scan. */
export type HeldRows = {
  /** With their keys. */
  readonly rows: StoreRows;
  /** By `rows.groups`: the place without what names the store's target, so that a store can be held against another. */
  readonly places: readonly string[];
  /** By row: what the digest is the sum of. */
  readonly fingerprints: Fingerprints;
};

export type StoreScan = {
  readonly count: number;
  /** Of every field, key and place, not of the mapped fields alone. */
  readonly digest: string;
  /** Rows are divided by key, so that what is to be held against one another is in the same bucket. */
  readonly buckets: number;
  /** Errors: `FactsError` where they are on file and can no longer be read. */
  readonly read: (bucket: number) => HeldRows;
  /**
   * The fewest writes, as the store counts them, in which all of this can be written again: a
   * document each in Elasticsearch, a partition each in Cassandra, whatever a job puts into one
   * batch or leaves out as overtaken.
   */
  readonly leastWrites: number;
};

/** One that is in memory whole. */
export type KeptScan = StoreScan & HeldRows;

/** What a scan of any store is asked. */
export type ScanOptions = {
  readonly signal: AbortSignal;
  /** Rows read so far. */
  readonly onProgress?: (rows: number) => void;
};

export type ScanCollector = ScanTaker & {
  /** `leastWrites`: the number of rows, unless the store counts otherwise. */
  readonly finish: (leastWrites?: number) => KeptScan;
};

/** Keeps all rows, and what they can be held against another scan by. */
export function collectScan(
  store: string,
  mapping: StoreMapping,
  plan: DeviceLookup,
): ScanCollector {
  const rows = createStoreRows(store, mappedColumns(mapping));
  const taker = takeScan(mapping, plan, keepStoreRows(rows));
  const digest = createStoreDigest();
  const places: string[] = [];
  return {
    get count() {
      return taker.count;
    },
    add: (row) => {
      const { group, place = group, key, fields } = row;
      digest.add(`${place}/${key}`, fields);
      taker.add(row);
      if (taker.groups.length > places.length) places.push(place);
    },
    finish: (leastWrites = taker.count) => {
      rows.groups.push(...taker.groups);
      const held = { rows, places, fingerprints: digest.fingerprints() };
      return {
        ...held,
        count: taker.count,
        digest: digest.text(),
        buckets: 1,
        read: () => held,
        leastWrites,
      };
    },
  };
}
