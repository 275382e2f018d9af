/** Where Cassandra is and how to write to it; the values of a job's `connect.cassandra.*` keys. */
export type CassandraSettings = {
  readonly store: "cassandra";
  readonly contactPoints: readonly string[];
  readonly port: number;
  readonly keyspace: string;
  readonly localDataCenter: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly consistency: Consistency;
  /** Copies in the local data centre, of a keyspace that the job creates. */
  readonly replication: number;
  readonly connectTimeoutMs: number;
  /** What is waited for one answer. */
  readonly readTimeoutMs: number;
  /** What a null or missing field writes: nothing, or a null (a tombstone of the cell). */
  readonly missing: "unset" | "null";
};

export const consistencies = [
  "ONE",
  "TWO",
  "THREE",
  "QUORUM",
  "ALL",
  "LOCAL_QUORUM",
  "EACH_QUORUM",
  "LOCAL_ONE",
] as const;

export type Consistency = (typeof consistencies)[number];
