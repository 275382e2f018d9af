/**
 * Reads every row of a run's table, page by page until there is none left, in ranges of the token
 * ring so that one page is decoded while the server gathers the next. At quorum.
 * Source: Cassandra 5.0 reference, `token()`; the Murmur3 ring goes from -2^63 to 2^63 - 1.
 */
import { type Client, types } from "cassandra-driver";
import {
  type CassandraAddress,
  openCassandra,
  quoted,
  type TableKey,
  tableKey,
  unreachable,
} from "./cassandra-client.ts";
import type { ScanOptions } from "./store-scan.ts";
import type { ScanTaker } from "./take-scan.ts";

export type CassandraScanOptions = CassandraAddress &
  ScanOptions & {
    readonly keyspace: string;
    readonly table: string;
  };

const fetchSize = 5_000;
const ranges = 8;
const rangesAtOnce = 2;

/**
 * Returns the number of partitions. Errors: `StoreReadError` when the store does not answer; the signal's reason when
 * aborted.
 */
export async function readCassandra(
  options: CassandraScanOptions,
  taker: ScanTaker,
): Promise<number> {
  const { keyspace, table, signal } = options;
  const client = openCassandra(options);
  try {
    await client.connect();
    const key = await tableKey(client, keyspace, table);
    // No table, no row: the job has not written yet.
    if (key === undefined) return 0;
    const rest = tokenRanges(ranges);
    let partitions = 0;
    const reader = async (): Promise<void> => {
      for (let range = rest.pop(); range !== undefined; range = rest.pop()) {
        const found = await readRange(client, key, range, taker, options);
        partitions += found;
      }
    };
    const readers = await Promise.allSettled(Array.from({ length: rangesAtOnce }, reader));
    // All of them first: a client that is shut down with requests under way may keep their sockets.
    const failed = readers.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return partitions;
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(error);
  } finally {
    await client.shutdown();
  }
}

type TokenRange = { readonly first: bigint; readonly last: bigint };

/** Equal parts of the ring, both ends inclusive. */
export function tokenRanges(parts: number): TokenRange[] {
  const lowest = -(2n ** 63n);
  const size = 2n ** 64n;
  return Array.from({ length: parts }, (_, part) => ({
    first: lowest + (size * BigInt(part)) / BigInt(parts),
    last: lowest + (size * BigInt(part + 1)) / BigInt(parts) - 1n,
  }));
}

/** Returns the number of partitions. */
async function readRange(
  client: Client,
  key: TableKey,
  { first, last }: TokenRange,
  taker: ScanTaker,
  { keyspace, table, signal, onProgress }: CassandraScanOptions,
): Promise<number> {
  const token = `token(${key.partition.map(({ name }) => quoted(name)).join(", ")})`;
  const query =
    `SELECT * FROM ${quoted(keyspace)}.${quoted(table)} ` + `WHERE ${token} >= ? AND ${token} <= ?`;
  const bounds = [first, last].map((bound) => types.Long.fromString(String(bound)));
  const textOf = (fields: Record<string, unknown>, columns: TableKey["partition"]): string =>
    columns.map(({ name }) => String(fields[name])).join("|");
  let partitions = 0;
  let before: string | undefined;
  const group = `${keyspace}.${table}`;
  let pageState: string | undefined;
  do {
    signal.throwIfAborted();
    const page = await client.execute(query, bounds, {
      fetchSize,
      ...(pageState === undefined ? {} : { pageState }),
    });
    const names = page.columns.map(({ name }) => name);
    for (const row of page.rows) {
      const fields = plainRow(row, names);
      const partition = textOf(fields, key.partition);
      // The rows of a partition come one after the other.
      if (partition !== before) partitions++;
      before = partition;
      const rest = textOf(fields, key.clustering);
      const at = rest === "" ? partition : `${partition}|${rest}`;
      taker.add({ group, place: "", key: at, fields });
    }
    onProgress?.(taker.count);
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
  return partitions;
}

/**
 * Driver types as plain data: times as epoch milliseconds, 64-bit integers as text, bytes as hex. Hot path: the row is
 * asked by name, because its own `keys` makes a list of them for every row.
 */
function plainRow(row: types.Row, names: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of names) fields[name] = plainValue(row[name] as unknown);
  return fields;
}

export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.getTime();
  if (value instanceof types.Long) return longText(value);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  return String(value);
}

/** A safe integer is text sooner as a number: `Long` divides by ten again and again. */
function longText(value: types.Long): string {
  const number = value.toNumber();
  return Number.isSafeInteger(number) ? String(number) : value.toString();
}
