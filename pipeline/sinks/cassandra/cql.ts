/** The CQL of the sink's few statements. Names are quoted, so that they mean exactly what the config says. */
import type { InsertPlan, Table } from "./api.ts";

export function createKeyspaceCql(
  keyspace: string,
  dataCenter: string,
  replication: number,
): string {
  const strategy = `'class': 'NetworkTopologyStrategy', '${dataCenter.replaceAll("'", "''")}'`;
  return (
    `CREATE KEYSPACE IF NOT EXISTS ${quote(keyspace)} ` +
    `WITH replication = {${strategy}: ${replication}}`
  );
}

export function createTableCql(table: Table): string {
  const columns = [...table.columns].map(([name, type]) => `${quote(name)} ${type}`);
  const partition = `(${table.partitionKey.map(quote).join(", ")})`;
  const key = [partition, ...table.clusteringKey.map(quote)].join(", ");
  return (
    `CREATE TABLE IF NOT EXISTS ${quote(table.keyspace)}.${quote(table.name)} ` +
    `(${columns.join(", ")}, PRIMARY KEY (${key}))`
  );
}

/** Parameters: the columns, then the write time in microseconds, then the TTL if rows expire. */
export function insertCql({ keyspace, table, columns, expires }: InsertPlan): string {
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const marks = columns.map(() => "?").join(", ");
  return (
    `INSERT INTO ${quote(keyspace)}.${quote(table)} (${names}) VALUES (${marks}) ` +
    `USING TIMESTAMP ?${expires ? " AND TTL ?" : ""}`
  );
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
