/** What Cassandra's own schema tables say of a table. */
import type cassandra from "cassandra-driver";
import type { Table } from "./api.ts";

/** Errors: those of the driver. */
export async function describeTable(
  client: cassandra.Client,
  keyspace: string,
  name: string,
): Promise<Table | "no-keyspace" | "no-table"> {
  const ask = async (cql: string, ...names: string[]): Promise<readonly cassandra.types.Row[]> =>
    (await client.execute(cql, names, { prepare: true })).rows;
  const columns = await ask(
    "SELECT column_name, kind, position, type FROM system_schema.columns " +
      "WHERE keyspace_name = ? AND table_name = ?",
    keyspace,
    name,
  );
  if (columns.length === 0) {
    const cql = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?";
    return (await ask(cql, keyspace)).length === 0 ? "no-keyspace" : "no-table";
  }
  const key = (kind: string): string[] =>
    columns
      .filter((row) => row["kind"] === kind)
      .toSorted((a, b) => a["position"] - b["position"])
      .map((row) => row["column_name"]);
  return {
    keyspace,
    name,
    columns: new Map(columns.map((row) => [row["column_name"], row["type"]])),
    partitionKey: key("partition_key"),
    clusteringKey: key("clustering"),
  };
}
