/** Cassandra through its driver. Statements are prepared and marked idempotent: versions order the writes. */
import cassandra from "cassandra-driver";
import type { CassandraApi, Cell, InsertPlan, Row, Table } from "./api.ts";
import { createKeyspaceCql, createTableCql, insertCql } from "./cql.ts";
import { apiError } from "./driver-error.ts";
import type { CassandraSettings } from "./settings.ts";

const { Client, types } = cassandra;

/** What the driver waits for an answer; longer than the server's own write time-out (2 s). */
const readTimeoutMs = 12_000;

export function driverCassandra(settings: CassandraSettings): CassandraApi {
  const { localDataCenter, credentials, consistency } = settings;
  const level = types.consistencies[consistencyNames[consistency]];
  const options = { prepare: true, isIdempotent: true, consistency: level };
  const queries = new Map<InsertPlan, string>();
  let client = newClient();

  function newClient(): cassandra.Client {
    return new Client({
      contactPoints: settings.contactPoints.map((host) => `${host}:${settings.port}`),
      localDataCenter,
      ...(credentials && { credentials }),
      socketOptions: { readTimeout: readTimeoutMs },
    });
  }

  function query(plan: InsertPlan): string {
    const known = queries.get(plan) ?? insertCql(plan);
    queries.set(plan, known);
    return known;
  }

  return {
    connect: async () => {
      try {
        await client.connect();
      } catch (error) {
        // A client that failed to connect stays failed: the next attempt gets a new one.
        await client.shutdown();
        client = newClient();
        throw apiError(error);
      }
    },
    createKeyspace: async (keyspace, replication) => {
      const cql = createKeyspaceCql(keyspace, localDataCenter, replication);
      await client.execute(cql).catch(rethrow);
    },
    createTable: async (table) => {
      await client.execute(createTableCql(table)).catch(rethrow);
    },
    describeTable: (keyspace, name) => describeTable(client, keyspace, name).catch(rethrow),
    insert: async (plan, rows, signal) => {
      const cql = query(plan);
      const params = rows.map((row) => parameters(plan, row));
      const sent =
        params.length === 1
          ? client.execute(cql, params[0]!, options)
          : client.batch(
              params.map((of) => ({ query: cql, params: of })),
              { ...options, logged: false },
            );
      await unlessAborted(sent, signal).catch(rethrow);
    },
    close: () => client.shutdown(),
  };
}

const consistencyNames = {
  ONE: "one",
  TWO: "two",
  THREE: "three",
  QUORUM: "quorum",
  ALL: "all",
  LOCAL_QUORUM: "localQuorum",
  EACH_QUORUM: "eachQuorum",
  LOCAL_ONE: "localOne",
} as const satisfies Record<CassandraSettings["consistency"], keyof typeof types.consistencies>;

async function describeTable(
  client: cassandra.Client,
  keyspace: string,
  name: string,
): Promise<Table | undefined> {
  const { rows } = await client.execute(
    "SELECT column_name, kind, position, type FROM system_schema.columns " +
      "WHERE keyspace_name = ? AND table_name = ?",
    [keyspace, name],
    { prepare: true },
  );
  if (rows.length === 0) return undefined;
  const key = (kind: string): string[] =>
    rows
      .filter((row) => row["kind"] === kind)
      .toSorted((a, b) => a["position"] - b["position"])
      .map((row) => row["column_name"]);
  return {
    keyspace,
    name,
    columns: new Map(rows.map((row) => [row["column_name"], row["type"]])),
    partitionKey: key("partition_key"),
    clusteringKey: key("clustering"),
  };
}

function parameters({ columns, expires }: InsertPlan, row: Row): unknown[] {
  const values = columns.map(({ type }, at) => driverValue(row.cells[at], type));
  values.push(types.Long.fromNumber(row.timestampMicros));
  if (expires) values.push(row.ttlSeconds);
  return values;
}

function driverValue(cell: Cell, type: string): unknown {
  if (cell === undefined) return types.unset;
  if (type === "bigint") return types.Long.fromNumber(cell as number);
  if (type === "timestamp") return new Date(cell as number);
  if (type === "date") return localDate(cell as string);
  return cell;
}

/** Rows of a batch share few days, and parsing one costs more than the rest of the row. */
const knownDays = new Map<string, cassandra.types.LocalDate>();
const knownDaysMax = 64;

function localDate(day: string): cassandra.types.LocalDate {
  const known = knownDays.get(day);
  if (known !== undefined) return known;
  if (knownDays.size >= knownDaysMax) knownDays.clear();
  const parsed = types.LocalDate.fromString(day);
  knownDays.set(day, parsed);
  return parsed;
}

/** The driver cannot take a request back: it goes on, and nobody waits for it. */
async function unlessAborted(sent: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    sent.catch(() => {}); // Its outcome is unknown to us, which is what the abort reports.
    throw signal.reason;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([sent, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function rethrow(error: unknown): never {
  throw apiError(error);
}
