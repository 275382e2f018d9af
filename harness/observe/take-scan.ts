/**
 * What all stores share: how a row's fields become the columns that the checks compare. Nothing here
 * knows the pipeline: fields come from the scenario's `stores`, devices from the plan.
 */
import type { Plan } from "../../simulator/plan.ts";
import { parseDigest } from "../facts/digest-text.ts";
import type { OptionalColumn, StoreSink, StoreValues } from "../facts/store-rows.ts";
import type { StoreMapping } from "../scenario/scenario.ts";

/** The plan's answer to "which device is this?"; -1: none of this run. */
export type DeviceLookup = Pick<Plan, "deviceOf">;

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

const optionalColumns: readonly OptionalColumn[] = ["min", "max", "mean", "revision", "version"];

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
