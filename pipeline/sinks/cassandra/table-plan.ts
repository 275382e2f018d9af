/**
 * From a statement to the table it writes: what AUTOCREATE creates, and whether the table that is there can
 * take what the statement selects. Pure. The names of PK are paths of the record's value, as the columns of
 * SELECT are; all but the last make the partition key, the last orders the rows within it.
 */
import { type Path, type Statement, selectsAll } from "../../kcql/statement.ts";
import { type FieldKind, type TargetField, targetFields } from "../field-kinds.ts";
import type { InsertPlan, Table } from "./api.ts";
import { isSupportedType } from "./cells.ts";

export type Planned<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const types: Readonly<Record<FieldKind, string>> = {
  text: "text",
  day: "date",
  "epoch-ms": "timestamp",
  int: "int",
  long: "bigint",
  double: "double",
};

/** `table` or `keyspace.table`. */
export function tableOf(
  statement: Statement,
  keyspace: string,
): { keyspace: string; name: string } {
  const dot = statement.target.indexOf(".");
  if (dot < 0) return { keyspace, name: statement.target };
  return { keyspace: statement.target.slice(0, dot), name: statement.target.slice(dot + 1) };
}

/** The table that AUTOCREATE creates. */
export function planTable(statement: Statement, keyspace: string): Planned<Table> {
  const fields = targetFields(statement.columns);
  const unknown = fields.find((field) => field.kind === undefined);
  if (unknown !== undefined) {
    return refuse(
      `AUTOCREATE knows no type for '${unknown.path.join(".")}': create the table yourself`,
    );
  }
  const keys = keyColumns(statement, fields);
  if (!keys.ok) return keys;
  if (keys.value.length === 0) return refuse("AUTOCREATE needs PK to make the table's primary key");
  const isSingle = keys.value.length === 1;
  const value: Table = {
    ...tableOf(statement, keyspace),
    columns: new Map(fields.map((field) => [field.name, types[field.kind!]])),
    partitionKey: isSingle ? keys.value : keys.value.slice(0, -1),
    clusteringKey: isSingle ? [] : keys.value.slice(-1),
  };
  return { ok: true, value };
}

/** How the statement writes into `table`. */
export function planInsert(statement: Statement, table: Table): Planned<InsertPlan> {
  const where = `${table.keyspace}.${table.name}`;
  if (selectsAll(statement.columns)) {
    return refuse("SELECT * alone gives nested objects, which are no columns: list the columns");
  }
  const lifts = statement.columns.some(({ path }) => path.at(-1) === "*");
  const names = lifts ? [...table.columns.keys()] : statement.columns.map(({ alias }) => alias);
  const absent = names.find((name) => !table.columns.has(name));
  if (absent !== undefined) return refuse(`${where} has no column '${absent}'`);
  const columns = names.map((name) => ({ name, type: table.columns.get(name)! }));
  const odd = columns.find(({ type }) => !isSupportedType(type));
  if (odd !== undefined) return refuse(`column '${odd.name}' of ${where} is of type ${odd.type}`);
  const keys = [...table.partitionKey, ...table.clusteringKey];
  const unset = keys.find((key) => !names.includes(key));
  if (unset !== undefined)
    return refuse(`${where} needs its key '${unset}', which is not selected`);
  const named = keyColumns(statement, targetFields(statement.columns));
  if (!named.ok) return named;
  if (named.value.length > 0 && named.value.toSorted().join() !== keys.toSorted().join()) {
    return refuse(`PK is (${named.value.join(", ")}), but ${where} has (${keys.join(", ")})`);
  }
  const expires = statement.ttlSeconds !== undefined;
  return { ok: true, value: { keyspace: table.keyspace, table: table.name, columns, expires } };
}

function keyColumns(
  statement: Statement,
  fields: readonly TargetField[],
): Planned<readonly string[]> {
  const same = (a: Path, b: Path): boolean => a.join(".") === b.join(".");
  const names: string[] = [];
  for (const path of statement.primaryKey) {
    const field = fields.find((candidate) => same(candidate.path, path));
    if (field === undefined) return refuse(`PK '${path.join(".")}' must also be selected`);
    names.push(field.name);
  }
  return { ok: true, value: names };
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
