/** Makes sure, before the first write, that a statement's table is there and can take what it selects. */
import type { Statement } from "../../kcql/statement.ts";
import { SinkError } from "../sink.ts";
import type { CassandraApi, InsertPlan } from "./api.ts";
import type { CassandraSettings } from "./settings.ts";
import { planInsert, planTable, tableOf } from "./table-plan.ts";

export type StatementPlan = {
  /** Tells the plans of one sink apart. */
  readonly id: number;
  readonly insert: InsertPlan;
  /** Positions within the plan's columns. */
  readonly partitionKey: readonly number[];
  readonly key: readonly number[];
};

/** Errors: `SinkError` of code `refused`, and those of `api`. */
export async function openTable(
  api: CassandraApi,
  statement: Statement,
  settings: CassandraSettings,
  id: number,
): Promise<StatementPlan> {
  const { keyspace, name } = tableOf(statement, settings.keyspace);
  if (statement.autoCreate) {
    const table = planTable(statement, settings.keyspace);
    if (!table.ok) throw new SinkError("refused", table.message);
    await api.createKeyspace(keyspace, settings.replication);
    await api.createTable(table.value);
  }
  const found = await api.describeTable(keyspace, name);
  if (found === undefined) {
    const message = `there is no table ${keyspace}.${name}: create it, or say AUTOCREATE`;
    throw new SinkError("refused", message);
  }
  const insert = planInsert(statement, found);
  if (!insert.ok) throw new SinkError("refused", insert.message);
  const at = (column: string): number =>
    insert.value.columns.findIndex((candidate) => candidate.name === column);
  const partitionKey = found.partitionKey.map(at);
  return {
    id,
    insert: insert.value,
    partitionKey,
    key: [...partitionKey, ...found.clusteringKey.map(at)],
  };
}
