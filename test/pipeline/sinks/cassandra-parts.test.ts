/** The parts of the Cassandra sink that need no server. */
import { expect, test } from "vitest";
import {
  CassandraApiError,
  type InsertPlan,
  type Row,
  type Table,
} from "../../../pipeline/sinks/cassandra/api.ts";
import { createCassandraSink } from "../../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { toCell } from "../../../pipeline/sinks/cassandra/cells.ts";
import { createTableCql, insertCql } from "../../../pipeline/sinks/cassandra/cql.ts";
import { planInsert, planTable } from "../../../pipeline/sinks/cassandra/table-plan.ts";
import { cassandraKcql, cassandraSettings } from "./sample-jobs.ts";
import { aggregate, midnight, statementOf, writeOf } from "./sample-writes.ts";

const never = new AbortController().signal;
const settings = cassandraSettings("nowhere", 9042, "datacenter1", "ks");

function planned(kcql: string): Table {
  const table = planTable(statementOf(kcql), "ks");
  if (!table.ok) throw new Error(table.message);
  return table.value;
}

test("AUTOCREATE makes the table of the contract", () => {
  expect(createTableCql(planned(cassandraKcql))).toBe(
    'CREATE TABLE IF NOT EXISTS "ks"."temperatures" ("device" text, "day" date, "start" timestamp, ' +
      '"window_end" timestamp, "home" text, "model" text, "count" int, "min" double, "max" double, ' +
      '"mean" double, "sum" bigint, "revision" int, "version" bigint, "digest" text, ' +
      'PRIMARY KEY (("device", "day"), "start"))',
  );
});

test("an insert carries the write time, and the TTL where there is one", () => {
  const plan = (expires: boolean): InsertPlan => ({
    keyspace: "ks",
    table: 'odd"name',
    columns: [{ name: "id", type: "text" }],
    expires,
  });
  expect(insertCql(plan(true))).toBe(
    'INSERT INTO "ks"."odd""name" ("id") VALUES (?) USING TIMESTAMP ? AND TTL ?',
  );
  expect(insertCql(plan(false))).toMatch(/USING TIMESTAMP \?$/);
});

test.each([
  [2147483647, "int", true],
  [2147483648, "int", false],
  [-2147483648, "int", true],
  [1.5, "int", false],
  [1768435500000030, "bigint", true],
  [2 ** 60, "bigint", false],
  [19.73, "double", true],
  ["19.73", "double", false],
  ["2026-01-15", "date", true],
  ["15.1.2026", "date", false],
  [1768435200000, "timestamp", true],
  ["x", "text", true],
  [7, "text", false],
  [null, "text", true],
  [undefined, "int", true],
  [{}, "text", false],
  [1, "frozen<x>", false],
])("%o in a column of type %s: %s", (value, type, ok) => {
  expect(toCell(value, type).ok).toBe(ok);
});

test("a table that cannot take what the statement selects is refused with the column's name", () => {
  const table = planned(cassandraKcql);
  const insert = (kcql: string) => planInsert(statementOf(kcql), table);
  expect(insert("INSERT INTO temperatures SELECT device.id AS device, x FROM t")).toMatchObject({
    message: "ks.temperatures has no column 'x'",
  });
  expect(insert("INSERT INTO temperatures SELECT device.id AS device FROM t")).toMatchObject({
    message: "ks.temperatures needs its key 'day', which is not selected",
  });
  const wrongKey = cassandraKcql.replace("PK device.id, window.day, window.start", "PK device.id");
  expect(insert(wrongKey)).toMatchObject({
    message: "PK is (device), but ks.temperatures has (device, day, start)",
  });
});

test("a TTL ends at event time + TTL by the injected clock, and is never less than a second", async () => {
  const sent = await ttlsAt([midnight, midnight + 60_000, midnight + 10 * 86_400_000]);
  expect(sent).toEqual([604_800, 604_740, 1]);
});

test("rows of one partition share batches of at most 50; other rows go alone", async () => {
  const batches: Row[][] = [];
  const sink = await openSink({ insert: async (_, rows) => void batches.push([...rows]) });
  const statement = sink.statement;
  const day = Array.from({ length: 120 }, (_, nth) => writeOf(statement, aggregate("a", nth, 1)));
  const alone = Array.from({ length: 3 }, (_, at) => writeOf(statement, aggregate(`b${at}`, 0, 1)));
  const results = await sink.write([...day, ...alone], never);
  expect(results.every(({ kind }) => kind === "stored")).toBe(true);
  expect(batches.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual([
    50, 50, 20, 1, 1, 1,
  ]);
});

test("a batch that is refused is sent row by row, so that one bad row is told from good ones", async () => {
  const sink = await openSink({
    insert: async (_, rows) => {
      if (rows.some((row) => row.cells.includes(13))) {
        throw new CassandraApiError("invalid", { passing: false });
      }
    },
  });
  const batch = [12, 13, 14].map((revision, nth) =>
    writeOf(sink.statement, aggregate("a", nth, revision)),
  );
  const kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
  expect(kinds).toEqual(["stored", "failed", "stored"]);
});

test("a row without a part of its key fails", async () => {
  const sink = await openSink({ insert: async () => {} });
  const write = writeOf(sink.statement, aggregate("a", 0, 1));
  const { day: _, ...document } = { ...write.document };
  const [result] = await sink.write([{ ...write, document }], never);
  expect(result).toMatchObject({ kind: "failed", error: { message: "the key 'day' is missing" } });
});

async function ttlsAt(times: readonly number[]): Promise<(number | undefined)[]> {
  const sent: (number | undefined)[] = [];
  let now = 0;
  const sink = await openSink({
    kcql: `${cassandraKcql} TTL=604800`,
    now: () => now,
    insert: async (_, rows) => void sent.push(rows[0]?.ttlSeconds),
  });
  for (now of times) await sink.write([writeOf(sink.statement, aggregate("a", 0, 1))], never);
  return sent;
}

async function openSink(options: {
  readonly insert: (plan: InsertPlan, rows: readonly Row[]) => Promise<void>;
  readonly kcql?: string;
  readonly now?: () => number;
}) {
  const statement = statementOf(options.kcql ?? cassandraKcql);
  const nothing = async (): Promise<void> => {};
  const api = {
    connect: nothing,
    createKeyspace: nothing,
    createTable: nothing,
    describeTable: async () => planned(cassandraKcql),
    insert: options.insert,
    close: nothing,
  };
  const now = options.now ?? (() => midnight);
  const sink = createCassandraSink({ api, settings, statements: [statement], now });
  await sink.open(never);
  return { ...sink, statement };
}
