/**
 * The few requests that the sink makes of Cassandra, as a port: the real cluster answers them
 * through the driver (`driver-api.ts`), the simulation in memory.
 */

export type Table = {
  readonly keyspace: string;
  readonly name: string;
  /** CQL type by column name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly partitionKey: readonly string[];
  readonly clusteringKey: readonly string[];
};

/**
 * A value as JSON has it, in one form a type: `timestamp` as epoch milliseconds, `date`, `time`,
 * `uuid`, `inet` and `decimal` as text, `blob` as base64, `bigint` and `varint` as a number where
 * that is safe and else as digits; lists, sets and tuples as arrays, maps as arrays of pairs.
 */
export type CellValue = string | number | boolean | readonly CellValue[];

/** undefined leaves the cell alone; null deletes it. */
export type Cell = CellValue | null | undefined;

export type RowPlan = {
  /**
   * `delete`: the columns are the partition key and none, some or all of the clustering key, in the
   * table's order.
   */
  readonly action: "insert" | "delete";
  readonly keyspace: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Whether rows carry a TTL. */
  readonly expires: boolean;
};

export type Row = {
  /** By position of the plan's columns. */
  readonly cells: readonly Cell[];
  /** Orders writes of the same cell: the higher wins, and a deletion wins over a value. */
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
  readonly describeTable: (
    keyspace: string,
    name: string,
  ) => Promise<Table | "no-keyspace" | "no-table">;
  /**
   * Writes or deletes rows of one partition, in one unlogged batch if there are several. Nothing is
   * sent once `signal` is aborted; whether what was sent before is taken back is up to the adapter.
   */
  readonly apply: (plan: RowPlan, rows: readonly Row[], signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

export class CassandraApiError extends Error {
  readonly code = "cassandra-api";
  /** Asking again may help; otherwise Cassandra refused. */
  readonly passing: boolean;
  readonly overloaded: boolean;
  /** Surely nothing was written; otherwise nobody knows. */
  readonly definite: boolean;

  constructor(
    message: string,
    options: {
      readonly passing: boolean;
      readonly overloaded?: boolean;
      readonly definite?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = "CassandraApiError";
    this.passing = options.passing;
    this.overloaded = options.overloaded ?? false;
    this.definite = options.definite ?? !options.passing;
  }
}
