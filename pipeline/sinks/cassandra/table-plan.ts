/**
 * The table that a statement writes, and what AUTOCREATE makes of it. Pure. The names of PK are
 * paths of the record, as the columns of SELECT are; all but the last make the partition key, the
 * last orders the rows within it.
 */
import { type Statement, selectsAll } from "../../kcql/statement.ts";
import { type FieldKind, isSameField, type TargetField, targetFields } from "../field-kinds.ts";
import type { Table } from "./api.ts";

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

/** Why what the statement selects can be the columns of no table, if it is so. */
export function shapeFault(statement: Statement): string | undefined {
  if (statement.withStructure) {
    return "WITHSTRUCTURE keeps nested objects, which are no columns: leave it out";
  }
  if (selectsAll(statement.columns)) {
    return "SELECT * alone gives nested objects, which are no columns: list the columns";
  }
  const names = targetFields(statement.columns, statement.ignored).map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return twice && `two fields would be column '${twice}': rename one with AS`;
}

/** The table that AUTOCREATE creates. */
export function planTable(statement: Statement, keyspace: string): Planned<Table> {
  const fault = shapeFault(statement);
  if (fault !== undefined) return refuse(fault);
  const fields = targetFields(statement.columns, statement.ignored);
  const unknown = fields.find((field) => field.kind === undefined);
  if (unknown !== undefined) {
    return refuse(`AUTOCREATE knows no type for '${unknown.name}': create the table yourself`);
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

/**
 * Why the table that is there is not the one that AUTOCREATE would make, if it is so. More columns
 * do no harm.
 */
export function tableConflict(planned: Table, found: Table): string | undefined {
  const where = `${found.keyspace}.${found.name}`;
  const mend = "change or drop the table, or leave AUTOCREATE out to write to it as it is";
  for (const [name, type] of planned.columns) {
    const other = found.columns.get(name);
    if (other === undefined) return `${where} exists without column '${name}' (${type}): ${mend}`;
    if (other !== type) {
      return `${where} exists with column '${name}' as ${other}, not ${type}: ${mend}`;
    }
  }
  const key = keyOf(planned);
  if (keyOf(found) === key) return undefined;
  return `${where} exists with primary key ${keyOf(found)}, not ${key}: ${mend}`;
}

/** The columns that PK names, in its order. */
export function keyColumns(
  statement: Statement,
  fields: readonly TargetField[],
): Planned<readonly string[]> {
  const names: string[] = [];
  for (const key of statement.primaryKey) {
    const field = fields.find((candidate) => isSameField(candidate, key));
    if (field === undefined) return refuse(`PK '${key.path.join(".")}' must also be selected`);
    names.push(field.name);
  }
  return { ok: true, value: names };
}

/** `((device, day), start)`. */
export function keyOf({ partitionKey, clusteringKey }: Table): string {
  return `(${[`(${partitionKey.join(", ")})`, ...clusteringKey].join(", ")})`;
}

export function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
