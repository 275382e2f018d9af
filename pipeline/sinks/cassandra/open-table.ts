/**
 * Makes sure, before the first write, that a statement's table is there and can take what it
 * selects.
 */
import type { Statement } from "../../kcql/statement.ts";
import { SinkError } from "../sink.ts";
import type { CassandraApi, RowPlan, Table } from "./api.ts";
import { compileCell } from "./cells.ts";
import { type CqlType, parseCqlType } from "./cql-type.ts";
import { type DeletePlan, planDelete, planInsert } from "./row-plan.ts";
import type { CassandraSettings } from "./settings.ts";
import type { ReadCell } from "./simple-cells.ts";
import { type Planned, planTable, tableConflict, tableOf } from "./table-plan.ts";

export type StatementPlan = {
  /** Tells the plans of one sink apart. */
  readonly id: number;
  readonly insert: CompiledPlan;
  /** Whether `*` may lift fields that the table has no column for: each document is then looked at. */
  readonly lifts: boolean;
  /** Undefined: without PK nothing can be deleted. */
  readonly delete: (CompiledPlan & Pick<DeletePlan, "from">) | undefined;
  /** How many of a delete's columns, its first, are the partition key. */
  readonly partitionColumns: number;
  /** Positions within the insert's columns. */
  readonly partitionKey: readonly number[];
  readonly key: ReadonlySet<number>;
};

export type CompiledPlan = {
  readonly plan: RowPlan;
  /** By position of the plan's columns. */
  readonly types: readonly CqlType[];
  readonly read: readonly ReadCell[];
};

/** Errors: `SinkError` of code `refused`, and those of `api`. */
export async function openTable(
  api: CassandraApi,
  statement: Statement,
  settings: CassandraSettings,
  id: number,
): Promise<StatementPlan> {
  const table = await findTable(api, statement, settings);
  const insert = compile(insist(planInsert(statement, table)));
  const deletion = insist(planDelete(statement, table));
  const at = (column: string): number =>
    insert.plan.columns.findIndex((candidate) => candidate.name === column);
  const partitionKey = table.partitionKey.map(at);
  return {
    id,
    insert,
    lifts: statement.columns.some(({ path }) => path.at(-1) === "*"),
    delete: deletion && { ...compile(deletion.plan), from: deletion.from },
    partitionColumns: partitionKey.length,
    partitionKey,
    key: new Set([...partitionKey, ...table.clusteringKey.map(at)]),
  };
}

async function findTable(
  api: CassandraApi,
  statement: Statement,
  settings: CassandraSettings,
): Promise<Table> {
  const { keyspace, name } = tableOf(statement, settings.keyspace);
  const planned = statement.autoCreate
    ? insist(planTable(statement, settings.keyspace))
    : undefined;
  if (planned !== undefined) {
    await api.createKeyspace(keyspace, settings.replication);
    await api.createTable(planned);
  }
  const found = await api.describeTable(keyspace, name);
  if (typeof found === "string") {
    const what = found === "no-keyspace" ? `keyspace ${keyspace}` : `table ${keyspace}.${name}`;
    const spelling = "Names are taken as they are written, capitals included";
    throw new SinkError(
      "refused",
      `there is no ${what}: create it, or say AUTOCREATE. ${spelling}`,
    );
  }
  const conflict = planned && tableConflict(planned, found);
  if (conflict !== undefined) throw new SinkError("refused", conflict);
  return found;
}

function compile(plan: RowPlan): CompiledPlan {
  const types = plan.columns.map(({ type }) => {
    const parsed = parseCqlType(type);
    if (!parsed.ok) throw new Error(`a plan with type ${type}: ${parsed.message}`);
    return parsed.type;
  });
  return { plan, types, read: types.map(compileCell) };
}

function insist<T>(planned: Planned<T>): T {
  if (!planned.ok) throw new SinkError("refused", planned.message);
  return planned.value;
}
