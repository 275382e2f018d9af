/** The connection to Cassandra as an observer needs it, and a table's key columns. */
import { Client, types } from "cassandra-driver";
import { StoreReadError } from "./store-error.ts";

export type CassandraAddress = {
  readonly contactPoint: string;
  readonly port: number;
  readonly localDataCenter: string;
};

/** `readTimeoutMs`: a scan of everything waits long for a page; who asks often must hear soon that nobody answers. */
export function openCassandra(address: CassandraAddress, readTimeoutMs = 60_000): Client {
  const { contactPoint, port, localDataCenter } = address;
  return new Client({
    contactPoints: [`${contactPoint}:${port}`],
    localDataCenter,
    // A quorum sees every acknowledged write of a quorum: one replica may lag behind.
    queryOptions: { consistency: types.consistencies.quorum, prepare: true },
    socketOptions: { readTimeout: readTimeoutMs },
  });
}

export type TableKey = {
  /** In the order of the key. */
  readonly partition: readonly KeyColumn[];
  readonly clustering: readonly KeyColumn[];
};
type KeyColumn = { readonly name: string; readonly isDate: boolean };

/** Undefined when there is no such table (yet). */
export async function tableKey(
  client: Client,
  keyspace: string,
  table: string,
): Promise<TableKey | undefined> {
  const { rows } = await client.execute(
    "SELECT column_name, kind, position, type FROM system_schema.columns " +
      "WHERE keyspace_name = ? AND table_name = ?",
    [keyspace, table],
  );
  if (rows.length === 0) return undefined;
  const ofKind = (kind: string): readonly KeyColumn[] =>
    rows
      .filter((row) => row["kind"] === kind)
      .sort((a, b) => Number(a["position"]) - Number(b["position"]))
      .map((row) => ({ name: String(row["column_name"]), isDate: row["type"] === "date" }));
  return { partition: ofKind("partition_key"), clustering: ofKind("clustering") };
}

/** A name as CQL takes it whatever its letters are. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function unreachable(error: unknown): StoreReadError {
  const message = `Cassandra could not be read: ${(error as Error).message}`;
  return new StoreReadError("unreachable", message, error);
}
