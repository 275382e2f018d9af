/** Which table a statement makes, which it can write to, and with what CQL. */
import { expect, test } from "vitest";
import type { Column, Statement } from "../../../pipeline/kcql/statement.ts";
import type { Table } from "../../../pipeline/sinks/cassandra/api.ts";
import { createTableCql, rowCql } from "../../../pipeline/sinks/cassandra/cql.ts";
import { planDelete, planInsert } from "../../../pipeline/sinks/cassandra/row-plan.ts";
import { planTable, tableConflict } from "../../../pipeline/sinks/cassandra/table-plan.ts";
import { cassandraKcql } from "./sample-jobs.ts";
import { statementOf } from "./sample-writes.ts";

const statement = statementOf(cassandraKcql);
const meta = (name: string): Column => ({ from: "meta", path: [name], alias: name });

function planned(of: Statement = statement): Table {
  const table = planTable(of, "ks");
  if (!table.ok) throw new Error(table.message);
  return table.value;
}

function refusal(of: Statement, table: Table = planned()): string {
  const plan = planInsert(of, table);
  return plan.ok ? "not refused" : plan.message;
}

test("AUTOCREATE makes the table of the contract", () => {
  expect(createTableCql(planned())).toBe(
    'CREATE TABLE IF NOT EXISTS "ks"."temperatures" ' +
      '("device" text, "day" date, "start" timestamp, "window_end" timestamp, "home" text, ' +
      '"model" text, "count" int, "min" double, "max" double, "mean" double, "sum" bigint, ' +
      '"revision" int, "version" bigint, "digest" text, ' +
      'PRIMARY KEY (("device", "day"), "start"))',
  );
});

test("AUTOCREATE knows what Kafka says of a record, and not what is in keys and headers", () => {
  const names = ["topic", "partition", "offset", "timestamp"].map(meta);
  const { columns } = planned({ ...statement, columns: [...statement.columns, ...names] });
  expect(names.map(({ alias }) => columns.get(alias))).toEqual([
    "text",
    "int",
    "bigint",
    "timestamp",
  ]);
  const key: Column = { from: "key", path: ["tenant"], alias: "tenant" };
  expect(planTable({ ...statement, columns: [...statement.columns, key] }, "ks")).toMatchObject({
    message: "AUTOCREATE knows no type for 'tenant': create the table yourself",
  });
});

test("AUTOCREATE leaves out what is ignored, and what is named beside a star", () => {
  const star = statementOf(
    "INSERT INTO t SELECT device.id AS device, temperature.*, temperature.min AS low FROM x " +
      "AUTOCREATE PK device.id",
  );
  expect([...planned(star).columns.keys()]).toEqual(["device", "max", "mean", "sum", "low"]);
  const ignored = [{ from: "value", path: ["temperature", "sum"] }] as const;
  expect([...planned({ ...star, ignored }).columns.keys()]).not.toContain("sum");
});

test("a table that is there must be what AUTOCREATE would make; more columns do no harm", () => {
  const found = planned();
  const columns = new Map([...found.columns, ["extra", "text"]]);
  expect(tableConflict(planned(), { ...found, columns })).toBeUndefined();
  columns.set("count", "text");
  expect(tableConflict(planned(), { ...found, columns })).toMatch(
    /ks.temperatures exists with column 'count' as text, not int: .* leave AUTOCREATE out/,
  );
  columns.delete("count");
  expect(tableConflict(planned(), { ...found, columns })).toMatch(/without column 'count'/);
  const key = { partitionKey: ["device"], clusteringKey: ["day", "start"] };
  expect(tableConflict(planned(), { ...found, ...key })).toMatch(
    /primary key \(\(device\), day, start\), not \(\(device, day\), start\)/,
  );
});

test("a table that cannot take what is selected is refused with the column's name", () => {
  const insert = (kcql: string) => refusal(statementOf(kcql));
  expect(insert("INSERT INTO temperatures SELECT device.id AS device, x FROM t")).toBe(
    "ks.temperatures has no column 'x'",
  );
  expect(insert("INSERT INTO temperatures SELECT device.id AS device FROM t")).toBe(
    "ks.temperatures needs its key 'day', which is not selected",
  );
  const counters = { ...planned(), columns: new Map([...planned().columns, ["count", "counter"]]) };
  expect(refusal(statement, counters)).toMatch(
    /column 'count' of ks.temperatures is of type counter/,
  );
});

test("what can be no columns is refused: nested objects, and two fields of one name", () => {
  expect(refusal({ ...statement, withStructure: true })).toMatch(/^WITHSTRUCTURE keeps nested/);
  expect(refusal(statementOf("INSERT INTO temperatures SELECT * FROM t"))).toMatch(/list the/);
  expect(refusal(statementOf("INSERT INTO temperatures SELECT a.id, b.id FROM t"))).toBe(
    "two fields would be column 'id': rename one with AS",
  );
});

test("an insert carries the write time, and the TTL where there is one", () => {
  const plan = (expires: boolean) =>
    rowCql({
      action: "insert",
      keyspace: "ks",
      table: 'odd"name',
      columns: [{ name: "id", type: "text" }],
      expires,
    });
  expect(plan(true)).toBe(
    'INSERT INTO "ks"."odd""name" ("id") VALUES (?) USING TIMESTAMP ? AND TTL ?',
  );
  expect(plan(false)).toMatch(/USING TIMESTAMP \?$/);
});

test("a delete names the key in the table's order, whatever the order of PK", () => {
  const plan = planDelete(
    { ...statement, primaryKey: statement.primaryKey.toReversed() },
    planned(),
  );
  if (!plan.ok || plan.value === undefined) throw new Error("no plan");
  expect(rowCql(plan.value.plan)).toBe(
    'DELETE FROM "ks"."temperatures" USING TIMESTAMP ? ' +
      'WHERE "device" = ? AND "day" = ? AND "start" = ?',
  );
  expect(plan.value.from).toEqual([2, 1, 0]);
});

test("PK may be a beginning of the key, with the whole partition key in it", () => {
  const pk = (...at: number[]): Statement => ({
    ...statement,
    primaryKey: at.map((position) => statement.primaryKey[position]!),
  });
  const columns = (of: Statement) => {
    const plan = planDelete(of, planned());
    return plan.ok ? plan.value?.plan.columns.map(({ name }) => name) : plan.message;
  };
  expect(columns(pk(0, 1))).toEqual(["device", "day"]);
  expect(columns(pk())).toBeUndefined();
  const mend = "name all of it or its beginning";
  expect(columns(pk(0))).toBe(
    `PK is (device), but ks.temperatures has ((device, day), start): ${mend}`,
  );
  expect(columns(pk(0, 2))).toMatch(/PK is \(device, start\), but/);
  const more = [...statement.primaryKey, { from: "value", path: ["digest"] }] as const;
  expect(columns({ ...statement, primaryKey: more })).toMatch(/start, digest\), but/);
});
