/**
 * What the scans of all stores share: how a row's fields become the columns that the checks
 * compare. Nothing here knows the pipeline: fields come from the scenario's `stores`, devices from
 * the plan.
 */
import type { Plan } from "../../simulator/plan.ts";
import { parseDigest } from "../facts/digest-text.ts";
import {
  createStoreRows,
  keepStoreRows,
  type OptionalColumn,
  type StoreRows,
  type StoreSink,
  type StoreValues,
} from "../facts/store-rows.ts";
import type { StoreMapping } from "../scenario/scenario.ts";
import { createStoreDigest, type Fingerprints } from "./store-digest.ts";

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
  /** Rows are divided by place and key, so that what is to be held against one another is in the same bucket. */
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

/** The plan's answer to "which device is this?"; -1: none of this run. */
export type DeviceLookup = Pick<Plan, "deviceOf">;

/** What a scan of any store is asked. */
export type ScanOptions = {
  readonly mapping: StoreMapping;
  readonly plan: DeviceLookup;
  readonly signal: AbortSignal;
  /** Rows read so far. */
  readonly onProgress?: (rows: number) => void;
};

/** One row of a store as plain data: strings, numbers, booleans, nested objects. */
type SeenRow = {
  /** Index, or keyspace and table. */
  readonly group: string;
  /**
   * Which of the target's groups it is, whatever the target's own name: the day of an index; empty for a table. The
   * group where it is left out.
   */
  readonly place?: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Takes the rows of a scan. */
export type ScanTaker = {
  /** Rows so far. */
  readonly count: number;
  readonly add: (row: SeenRow) => void;
};

export type ScanCollector = ScanTaker & {
  /** `leastWrites`: the number of rows, unless the store counts otherwise. */
  readonly finish: (leastWrites?: number) => KeptScan;
};

const optionalColumns: readonly OptionalColumn[] = ["min", "max", "mean", "revision", "version"];

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

/** Passes the rows on to `sink` as columns. */
export function takeScan(
  mapping: StoreMapping,
  plan: DeviceLookup,
  sink: StoreSink,
): ScanTaker & { readonly groups: readonly string[] } {
  const columns = mappedColumns(mapping);
  const numbers = new Map<string, number>();
  const groups: string[] = [];
  const optional = columns.map((name) => ({ name, read: fieldReader(mapping[name] ?? name) }));
  const device = fieldReader(mapping.device);
  const window = fieldReader(mapping.window);
  const countOf = fieldReader(mapping.count);
  const sum = fieldReader(mapping.sum);
  const contributors = fieldReader(mapping.digest);
  const encoder = new TextEncoder();
  let count = 0;

  function add({ group, key, fields }: SeenRow): void {
    const id = device(fields);
    const bytes = typeof id === "string" ? encoder.encode(id) : undefined;
    const known = bytes === undefined ? -1 : plan.deviceOf(bytes, 0, bytes.length);
    const words = parseDigest(contributors(fields));
    const values: { -readonly [K in keyof StoreValues]: number } = {
      device: known,
      window: timeOf(window(fields)),
      count: numberOf(countOf(fields)),
      sum: numberOf(sum(fields)),
      digestHi: words?.hi ?? 0,
      digestLo: words?.lo ?? 0,
      digestOk: words === undefined ? 0 : 1,
      min: Number.NaN,
      max: Number.NaN,
      mean: Number.NaN,
      revision: Number.NaN,
      version: Number.NaN,
      group: groupNumber(group),
    };
    for (const { name, read } of optional) values[name] = numberOf(read(fields));
    sink.add(values, key, known === -1 ? String(id) : undefined);
    count += 1;
  }

  function groupNumber(group: string): number {
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, groups.length);
    return groups.push(group) - 1;
  }

  return {
    get count() {
      return count;
    },
    add,
    groups,
  };
}

/** Those that a scan of this mapping reads. */
export function mappedColumns(mapping: StoreMapping): readonly OptionalColumn[] {
  return optionalColumns.filter((name) => mapping[name] !== undefined);
}

/** Dots reach into objects; a key that holds the dots itself is found, too. */
export function fieldReader(path: string): (fields: Readonly<Record<string, unknown>>) => unknown {
  const names = path.split(".");
  return (fields) => {
    if (path in fields) return fields[path];
    let value: unknown = fields;
    for (const name of names) {
      if (typeof value !== "object" || value === null) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
}

/** Stores give large integers as text at times; what is no number is NaN. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** Epoch milliseconds from a number or an ISO text. */
export function timeOf(value: unknown): number {
  if (typeof value !== "string") return numberOf(value);
  return /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
}
