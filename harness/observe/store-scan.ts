/**
 * What the scans of all stores share: how a row's fields become the columns that the checks
 * compare. Nothing here knows the pipeline: fields come from the scenario's `stores`, devices from
 * the plan.
 */
import type { Plan } from "../../simulator/plan.ts";
import { parseDigest } from "../facts/digest-text.ts";
import { createStoreRows, type OptionalColumn, type StoreRows } from "../facts/store-rows.ts";
import { addRow } from "../facts/table.ts";
import type { StoreMapping } from "../scenario/scenario.ts";
import { createStoreDigest, type Fingerprints } from "./store-digest.ts";

export type StoreScan = {
  readonly rows: StoreRows;
  readonly count: number;
  /** By `rows.groups`: the place without what names the store's target, so that a store can be held against another. */
  readonly places: readonly string[];
  /** Of every field, key and place, not of the mapped fields alone. */
  readonly digest: string;
  /** By row: what the digest is the sum of. */
  readonly fingerprints: Fingerprints;
  /**
   * The fewest writes, as the store counts them, in which all of this can be written again: a
   * document each in Elasticsearch, a partition each in Cassandra, whatever a job puts into one
   * batch or leaves out as overtaken.
   */
  readonly leastWrites: number;
};

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

export type ScanCollector = {
  /** Rows so far. */
  readonly count: number;
  readonly add: (row: SeenRow) => void;
  /** `leastWrites`: the number of rows, unless the store counts otherwise. */
  readonly finish: (leastWrites?: number) => StoreScan;
};

const optionalColumns: readonly OptionalColumn[] = ["min", "max", "mean", "revision", "version"];

export function collectScan(
  store: string,
  mapping: StoreMapping,
  plan: DeviceLookup,
): ScanCollector {
  const columns = optionalColumns.filter((name) => mapping[name] !== undefined);
  const rows = createStoreRows(store, columns);
  const digest = createStoreDigest();
  const groups = new Map<string, number>();
  const places: string[] = [];
  const optional = columns.map((name) => ({ name, read: fieldReader(mapping[name] ?? name) }));
  const device = fieldReader(mapping.device);
  const window = fieldReader(mapping.window);
  const count = fieldReader(mapping.count);
  const sum = fieldReader(mapping.sum);
  const contributors = fieldReader(mapping.digest);
  const encoder = new TextEncoder();

  function add({ group, place = group, key, fields }: SeenRow): void {
    digest.add(`${place}/${key}`, fields);
    const row = addRow(rows.table);
    const into = rows.table.columns;
    const id = device(fields);
    const bytes = typeof id === "string" ? encoder.encode(id) : undefined;
    into.device[row] = bytes === undefined ? -1 : plan.deviceOf(bytes, 0, bytes.length);
    if (into.device[row] === -1) rows.deviceTexts.set(row, String(id));
    into.window[row] = timeOf(window(fields));
    into.count[row] = numberOf(count(fields));
    into.sum[row] = numberOf(sum(fields));
    const words = parseDigest(contributors(fields));
    into.digestHi[row] = words?.hi ?? 0;
    into.digestLo[row] = words?.lo ?? 0;
    into.digestOk[row] = words === undefined ? 0 : 1;
    for (const name of optionalColumns) into[name][row] = Number.NaN;
    for (const { name, read } of optional) into[name][row] = numberOf(read(fields));
    into.group[row] = groupIndex(group, place);
    rows.keys.push(key);
  }

  function groupIndex(group: string, place: string): number {
    const known = groups.get(group);
    if (known !== undefined) return known;
    groups.set(group, rows.groups.length);
    places.push(place);
    return rows.groups.push(group) - 1;
  }

  return {
    get count() {
      return rows.table.length;
    },
    add,
    finish: (leastWrites = rows.table.length) => ({
      rows,
      count: rows.table.length,
      places,
      digest: digest.text(),
      fingerprints: digest.fingerprints(),
      leastWrites,
    }),
  };
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
