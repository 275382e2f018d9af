/**
 * The CQL of the sink's few statements. Names are quoted, so that they mean exactly what the config
 * says.
 */
import type { RowPlan, Table } from "./api.ts";

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

/**
 * Parameters of an insert: the columns, then the write time in microseconds, then the TTL if rows
 * expire; of a delete: the write time, then the columns.
 */
export function rowCql({ action, keyspace, table, columns, expires }: RowPlan): string {
  const where = `${quote(keyspace)}.${quote(table)}`;
  if (action === "delete") {
    const key = columns.map(({ name }) => `${quote(name)} = ?`).join(" AND ");
    return `DELETE FROM ${where} USING TIMESTAMP ? WHERE ${key}`;
  }
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const marks = columns.map(() => "?").join(", ");
  const expiry = expires ? " AND TTL ?" : "";
  return `INSERT INTO ${where} (${names}) VALUES (${marks}) USING TIMESTAMP ?${expiry}`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
