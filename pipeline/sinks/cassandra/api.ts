/**
 * The few requests that the sink makes of Cassandra, as a port: the real cluster answers them through the
 * driver (`driver-api.ts`), the simulation in memory.
 */

export type Table = {
  readonly keyspace: string;
  readonly name: string;
  /** CQL type by column name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly partitionKey: readonly string[];
  readonly clusteringKey: readonly string[];
};

/** `date` as yyyy-MM-dd, `timestamp` as epoch milliseconds, `bigint` as a safe integer; undefined leaves the cell alone. */
export type Cell = string | number | boolean | undefined;

export type InsertPlan = {
  readonly keyspace: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Whether rows carry a TTL. */
  readonly expires: boolean;
};

export type Row = {
  /** By position of the plan's columns. */
  readonly cells: readonly Cell[];
  /** Orders writes of the same cell: the higher wins. */
  readonly timestampMicros: number;
  readonly ttlSeconds: number | undefined;
};

/** Errors of all: `CassandraApiError`. */
export type CassandraApi = {
  readonly connect: () => Promise<void>;
  /** Nothing happens when it exists. `replication`: copies in the local data centre. */
  readonly createKeyspace: (keyspace: string, replication: number) => Promise<void>;
  /** Nothing happens when it exists, whatever its columns are. */
  readonly createTable: (table: Table) => Promise<void>;
  readonly describeTable: (keyspace: string, name: string) => Promise<Table | undefined>;
  /** Rows of one partition, in one unlogged batch if there are several. */
  readonly insert: (plan: InsertPlan, rows: readonly Row[], signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `passing`: asking again may help, and nobody knows what was written. Otherwise Cassandra refused. */
export class CassandraApiError extends Error {
  readonly code = "cassandra-api";
  readonly passing: boolean;
  readonly overloaded: boolean;

  constructor(
    message: string,
    options: { readonly passing: boolean; readonly overloaded?: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "CassandraApiError";
    this.passing = options.passing;
    this.overloaded = options.overloaded ?? false;
  }
}
