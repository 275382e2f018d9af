/** Cassandra through its driver. Statements are prepared and marked idempotent: versions order the writes. */
import cassandra from "cassandra-driver";
import {
  type CassandraApi,
  CassandraApiError,
  type Cell,
  type InsertPlan,
  type Row,
  type Table,
} from "./api.ts";
import { createKeyspaceCql, createTableCql, insertCql } from "./cql.ts";
import type { CassandraSettings } from "./settings.ts";

const { Client, errors, types } = cassandra;

/** What the driver waits for an answer; longer than the server's own write time-out (2 s). */
const readTimeoutMs = 12_000;

/** From this error code on, Cassandra says that the request itself is wrong (protocol, section 9). */
const firstRefusal = 0x2000;

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
  if (type === "date") return types.LocalDate.fromString(cell as string);
  return cell;
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

function apiError(error: unknown): CassandraApiError {
  const message = `Cassandra: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof errors.ResponseError) {
    const { code } = error;
    const { overloaded, badCredentials, protocolError } = types.responseErrorCodes;
    const passing = code < firstRefusal && code !== badCredentials && code !== protocolError;
    return new CassandraApiError(message, {
      passing,
      overloaded: code === overloaded,
      cause: error,
    });
  }
  if (error instanceof errors.NoHostAvailableError) {
    const hosts = Object.entries(error.innerErrors ?? {});
    const refused = hosts.some(([, inner]) => inner instanceof errors.AuthenticationError);
    // The driver's own message holds whole stack traces.
    const each = hosts.map(([host, inner]) => `${host}: ${inner.message}`).join("; ");
    const text = `Cassandra: no host answers${each === "" ? "" : ` (${each})`}`;
    return new CassandraApiError(text, { passing: !refused, cause: error });
  }
  // The driver's own refusal to encode a value is definite; anything else (time-outs, aborts) is not.
  const refused =
    error instanceof TypeError ||
    error instanceof errors.ArgumentError ||
    error instanceof errors.AuthenticationError;
  return new CassandraApiError(message, { passing: !refused, cause: error });
}
