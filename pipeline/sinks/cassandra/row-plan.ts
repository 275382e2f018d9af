/** How a statement writes and deletes rows of the table that is there, or why it cannot. Pure. */
import type { Statement } from "../../kcql/statement.ts";
import { targetFields } from "../field-kinds.ts";
import type { RowPlan, Table } from "./api.ts";
import { parseCqlType } from "./cql-type.ts";
import { keyColumns, keyOf, type Planned, refuse, shapeFault } from "./table-plan.ts";

export type DeletePlan = {
  readonly plan: RowPlan;
  /** Position of each of the plan's columns among the statement's PK, and so in a write's `id`. */
  readonly from: readonly number[];
};

/**
 * Every part of the table's key must be selected; PK, if there is one, must be that key or a
 * beginning of it.
 */
export function planInsert(statement: Statement, table: Table): Planned<RowPlan> {
  const where = `${table.keyspace}.${table.name}`;
  const fault = shapeFault(statement);
  if (fault !== undefined) return refuse(fault);
  const lifts = statement.columns.some(({ path }) => path.at(-1) === "*");
  const fields = targetFields(statement.columns, statement.ignored);
  // What `*` lifts is known only from the record: it may be any column of the table.
  const names = lifts ? [...table.columns.keys()] : fields.map(({ name }) => name);
  const absent = names.find((name) => !table.columns.has(name));
  if (absent !== undefined) return refuse(`${where} has no column '${absent}'`);
  const columns = columnsOf(table, names);
  for (const { name, type } of columns) {
    const parsed = parseCqlType(type);
    if (parsed.ok) continue;
    return refuse(`column '${name}' of ${where} is of type ${type}: ${parsed.message}`);
  }
  const unset = tableKey(table).find((key) => !names.includes(key));
  if (unset !== undefined) {
    return refuse(`${where} needs its key '${unset}', which is not selected`);
  }
  const named = planDelete(statement, table);
  if (!named.ok) return named;
  const { keyspace, name } = table;
  const expires = statement.ttlSeconds !== undefined;
  return { ok: true, value: { action: "insert", keyspace, table: name, columns, expires } };
}

/** Undefined without a PK: there is nothing then to say which row a tombstone means. */
export function planDelete(statement: Statement, table: Table): Planned<DeletePlan | undefined> {
  const { keyspace, name } = table;
  const named = keyColumns(statement, targetFields(statement.columns, statement.ignored));
  if (!named.ok) return named;
  if (named.value.length === 0) return { ok: true, value: undefined };
  const names = tableKey(table).slice(0, named.value.length);
  const isBeginning = names.every((key) => named.value.includes(key));
  const holdsPartition = names.length >= table.partitionKey.length;
  if (!isBeginning || !holdsPartition || names.length < named.value.length) {
    const key = `${keyspace}.${name} has ${keyOf(table)}`;
    return refuse(`PK is (${named.value.join(", ")}), but ${key}: name all of it or its beginning`);
  }
  const columns = columnsOf(table, names);
  const plan: RowPlan = { action: "delete", keyspace, table: name, columns, expires: false };
  return { ok: true, value: { plan, from: names.map((key) => named.value.indexOf(key)) } };
}

function tableKey({ partitionKey, clusteringKey }: Table): readonly string[] {
  return [...partitionKey, ...clusteringKey];
}

function columnsOf(table: Table, names: readonly string[]): RowPlan["columns"] {
  return names.map((name) => ({ name, type: table.columns.get(name)! }));
}
