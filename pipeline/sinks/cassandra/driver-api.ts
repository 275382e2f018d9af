/**
 * Cassandra through its driver. Statements are prepared. Each request is asked once: what a failure
 * says of it is then true of all there was, and the job repeats it by its own policy.
 */
import cassandra from "cassandra-driver";
import { type CassandraApi, CassandraApiError, type Row, type RowPlan } from "./api.ts";
import { createKeyspaceCql, createTableCql, rowCql } from "./cql.ts";
import { parseCqlType } from "./cql-type.ts";
import { describeTable } from "./describe-table.ts";
import { apiError } from "./driver-error.ts";
import { bigint, compileEncoder, remembering } from "./driver-values.ts";
import { followHosts } from "./follow-hosts.ts";
import { LoneHostPolicy } from "./lone-host.ts";
import type { CassandraSettings } from "./settings.ts";

const { Client, policies, types } = cassandra;

/**
 * Between two attempts to reach a host that is gone: the driver's own waits grow to ten minutes.
 * Never at once: a client that is shut down while it reconnects leaves the new connection open.
 */
const reconnectMs = { first: 500, most: 5_000 };

type Prepared = {
  readonly query: string;
  readonly encode: readonly ReturnType<typeof compileEncoder>[];
  readonly encodeTime: (micros: number) => unknown;
};

export function driverCassandra(settings: CassandraSettings): CassandraApi {
  const { consistency, localDataCenter } = settings;
  const level = types.consistencies[consistencyNames[consistency]];
  const options = { prepare: true, isIdempotent: true, consistency: level, fetchSize: 0 };
  const known = new Map<RowPlan, Prepared>();
  let client = newClient(settings);
  let shutDown = followHosts(client);

  function prepare(plan: RowPlan): Prepared {
    const before = known.get(plan);
    if (before !== undefined) return before;
    const encode = plan.columns.map(({ type }) => {
      const parsed = parseCqlType(type);
      if (!parsed.ok) throw new Error(`a plan with type ${type}: ${parsed.message}`);
      return remembering(compileEncoder(parsed.type));
    });
    const fresh = { query: rowCql(plan), encode, encodeTime: remembering(bigint) };
    known.set(plan, fresh);
    return fresh;
  }

  function send(plan: RowPlan, rows: readonly Row[]): Promise<unknown> {
    const prepared = prepare(plan);
    const { query } = prepared;
    const [only] = rows;
    if (only !== undefined && rows.length === 1) {
      return client.execute(query, parameters(plan, prepared, only), options);
    }
    const queries = rows.map((row) => ({ query, params: parameters(plan, prepared, row) }));
    return client.batch(queries, { ...options, logged: false });
  }

  return {
    connect: async () => {
      try {
        await client.connect();
      } catch (error) {
        // A client that failed to connect stays failed: the next attempt gets a new one.
        await shutDown();
        client = newClient(settings);
        shutDown = followHosts(client);
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
    apply: (plan, rows, signal) => {
      if (signal.aborted) return Promise.reject(notSent(signal));
      try {
        return send(plan, rows).then(nothing, rethrow); // hot: a promise less than `await`
      } catch (error) {
        return Promise.reject(apiError(error)); // a cell that has no bytes
      }
    },
    close: () => shutDown(),
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

function newClient(settings: CassandraSettings): cassandra.Client {
  const { contactPoints, port, localDataCenter, credentials } = settings;
  const { connectTimeoutMs, readTimeoutMs } = settings;
  const { ExponentialReconnectionPolicy } = policies.reconnection;
  return new Client({
    contactPoints: contactPoints.map((host) => `${host}:${port}`),
    localDataCenter,
    ...(credentials && { credentials }),
    socketOptions: { connectTimeout: connectTimeoutMs, readTimeout: readTimeoutMs },
    policies: {
      loadBalancing: new LoneHostPolicy({ localDc: localDataCenter }),
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new ExponentialReconnectionPolicy(reconnectMs.first, reconnectMs.most),
      // Every statement says USING TIMESTAMP. (`null` is documented, but not declared.)
      timestampGeneration: null as never,
    },
    encoding: { map: Map },
  });
}

function parameters(
  { action, expires }: RowPlan,
  { encode, encodeTime }: Prepared,
  row: Row,
): unknown[] {
  const columns = encode.length;
  const values: unknown[] = new Array(columns + (expires ? 2 : 1));
  const isDelete = action === "delete";
  values[isDelete ? 0 : columns] = encodeTime(row.timestampMicros);
  if (expires) values[columns + 1] = row.ttlSeconds;
  let to = isDelete ? 1 : 0;
  for (let at = 0; at < columns; at++) {
    const cell = row.cells[at];
    values[to++] = cell === undefined ? types.unset : cell === null ? null : encode[at]!(cell);
  }
  return values;
}

function notSent(signal: AbortSignal): CassandraApiError {
  const options = { passing: true, definite: true, cause: signal.reason };
  return new CassandraApiError("Cassandra was not asked: the write was given up", options);
}

function nothing(): void {}

function rethrow(error: unknown): never {
  throw apiError(error);
}
