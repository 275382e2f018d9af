/**
 * The Cassandra sink on the real server, beyond what all sinks promise: every column type, tables
 * that do not fit, rows deleted by a part of their key, and a server that stalls for longer than
 * the read time-out.
 */
import { randomBytes } from "node:crypto";
import cassandra from "cassandra-driver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../pipeline/clock.ts";
import type { Column, Statement } from "../../pipeline/kcql/statement.ts";
import { createCassandraSink } from "../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { driverCassandra } from "../../pipeline/sinks/cassandra/driver-api.ts";
import type { CassandraSettings } from "../../pipeline/sinks/cassandra/settings.ts";
import { documentOf, type Sink, type SinkWrite } from "../../pipeline/sinks/sink.ts";
import { type CuttableProxy, cuttableProxy } from "../pipeline/sinks/cuttable-proxy.ts";
import { cassandraKcql, cassandraSettings } from "../pipeline/sinks/sample-jobs.ts";
import {
  aggregate,
  midnight,
  statementOf,
  tombstoneOf,
  writeOf,
} from "../pipeline/sinks/sample-writes.ts";
import { liveStack } from "./live-stack.ts";

const keyspace = `sinks${randomBytes(5).toString("hex")}`;
const never = new AbortController().signal;
const kcql = statementOf(cassandraKcql);
const byHand: Statement = { ...kcql, autoCreate: false };

let proxy: CuttableProxy;
let client: cassandra.Client;

beforeAll(async () => {
  const { contactPoint, port, localDataCenter } = liveStack().cassandra;
  proxy = await cuttableProxy(contactPoint, port);
  client = new cassandra.Client({ contactPoints: [`${contactPoint}:${port}`], localDataCenter });
  const replication = `{'class': 'NetworkTopologyStrategy', '${localDataCenter}': 1}`;
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = ${replication}`);
});

afterAll(async () => {
  await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
  await client.shutdown();
  await proxy.close();
});

test("every type of column takes what it should, and gives it back as it was", async () => {
  const values: Readonly<Record<string, readonly [type: string, value: unknown, text: string]>> = {
    id: ["text", "a", "a"],
    vc: ["varchar", "ü", "ü"],
    asci: ["ascii", "x", "x"],
    yes: ["boolean", true, "true"],
    ti: ["tinyint", -128, "-128"],
    si: ["smallint", 32767, "32767"],
    i: ["int", -2147483648, "-2147483648"],
    bi: ["bigint", "9223372036854775807", "9223372036854775807"],
    vi: ["varint", "-123456789012345678901234567890", "-123456789012345678901234567890"],
    dbl: ["double", 19.730333333333334, "19.730333333333334"],
    fl: ["float", 0.5, "0.5"],
    de: ["decimal", "-12.30", "-12.30"],
    small: ["decimal", 1.5e-7, "0.00000015"],
    ts: ["timestamp", "2026-01-15T01:00:00+01:00", "2026-01-15T00:00:00.000Z"],
    da: ["date", "2024-02-29", "2024-02-29"],
    tm: ["time", "23:59:59.000000001", "23:59:59.000000001"],
    u: ["uuid", "c4a760a8-dbcf-4e14-9c39-9ed16d4a4a31", "c4a760a8-dbcf-4e14-9c39-9ed16d4a4a31"],
    tu: [
      "timeuuid",
      "50554d6e-29bb-11e5-b345-feff819cdc9f",
      "50554d6e-29bb-11e5-b345-feff819cdc9f",
    ],
    ip: ["inet", "::1", "::1"],
    bl: ["blob", "AAEC", '{"type":"Buffer","data":[0,1,2]}'],
    li: ["frozen<list<int>>", [2, 1, 2], "[2,1,2]"],
    se: ["set<text>", ["b", "a", "b"], '["a","b"]'],
    ma: ["map<int, text>", { 5: "five" }, '{"5":"five"}'],
    tp: ["frozen<tuple<text, bigint>>", ["a", 1], '["a","1"]'],
  };
  const defined = Object.entries(values).map(([name, [type]]) => `${name} ${type}`);
  await client.execute(`CREATE TABLE ${keyspace}.typed (${defined}, PRIMARY KEY (id))`);
  const columns = Object.keys(values).map((name): Column => column(name));
  const primaryKey = [column("id")];
  const statement = { ...byHand, target: "typed", columns, primaryKey };
  const document = Object.fromEntries(
    Object.entries(values).map(([name, [, value]]) => [name, value]),
  );
  await using sink = await openSink([statement]);
  const write = writeOf(kcql, aggregate("a", 0, 1));
  // Twice, as a job may: nothing doubles.
  for (const _ of [1, 2]) {
    expect(await sink.write([{ ...write, statement, document }], never)).toEqual([
      { kind: "stored" },
    ]);
  }
  const [row] = (await client.execute(`SELECT * FROM ${keyspace}.typed`)).rows;
  const found = Object.keys(values).map((name) => [name, textOf(row?.[name])]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(values).map(([name, [, , text]]) => [name, text])),
  );
});

test("a table that is not there or does not fit is refused with what to do", async () => {
  const refused = (statement: Statement, settings?: Partial<CassandraSettings>) =>
    expect(openSink([statement], settings)).rejects;
  await refused({ ...byHand, target: "nowhere" }).toThrow(`there is no table ${keyspace}.nowhere`);
  await refused(byHand, { keyspace: "nowhere" }).toThrow("there is no keyspace nowhere: create it");
  await client.execute(`CREATE TABLE ${keyspace}.odd (device text PRIMARY KEY, count counter)`);
  const odd = { ...byHand, target: "odd", primaryKey: [] };
  const only = kcql.columns.filter(({ alias }) => alias === "device" || alias === "count");
  await refused({ ...odd, columns: only }).toThrow(/'count' .* is of type counter: .*counts twice/);
  await refused({ ...kcql, target: "odd" }).toMatchObject({
    code: "refused",
    message: expect.stringMatching(/odd exists without column 'day' .* leave AUTOCREATE out/),
  });
  await refused(kcql, { localDataCenter: "nowhere" }).toThrow(/localDataCenter .*'nowhere'/);
});

test("a tombstone of a part of the key deletes all of it; null is written if asked", async () => {
  const day = { ...kcql, primaryKey: kcql.primaryKey.slice(0, 2), autoCreate: false };
  await using creator = await openSink([kcql]);
  await using sink = await openSink([day], { missing: "null" });
  const write = (nth: number, revision: number): SinkWrite => ({
    ...writeOf(kcql, aggregate("a", nth, revision)),
    statement: day,
  });
  await creator.write(
    [writeOf(kcql, aggregate("a", 0, 1)), writeOf(kcql, aggregate("a", 1, 1))],
    never,
  );
  const { home: _, ...document } = documentOf(write(1, 2));
  await sink.write([{ ...write(1, 2), document }], never);
  const where = "WHERE device = 'a' AND day = '2026-01-15'";
  const select = `SELECT start, home FROM ${keyspace}.temperatures ${where}`;
  const held = async () =>
    (await client.execute(select)).rows.map((row) => [row["start"].getTime(), row["home"]]);
  expect(await held()).toEqual([
    [midnight, "home of a"],
    [midnight + 300_000, null],
  ]);
  // As of a time between the two: the newer row stays.
  const deletion = { ...tombstoneOf(day, aggregate("a", 0, 9)), statement: day };
  expect(await sink.write([deletion], never)).toEqual([{ kind: "stored" }]);
  expect(await held()).toEqual([[midnight + 300_000, null]]);
});

test("a server that stalls beyond the read time-out has every write once it goes on", async () => {
  const readTimeoutMs = 1_000;
  await using sink = await openSink([kcql], { readTimeoutMs });
  // More requests than the driver lets time out before it gives a connection up.
  const batch = Array.from({ length: 500 }, (_, at) => writeOf(kcql, aggregate(`s-${at}`, 0, 30)));
  const older = batch.map((_, at) => writeOf(kcql, aggregate(`s-${at}`, 0, 29)));
  await sink.write(older, never);
  proxy.fault("stalled");
  const from = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - from < 6 * readTimeoutMs) {
    for (const result of await sink.write(batch.slice(0, 200), never)) {
      expect(result).toMatchObject({ kind: "retriable", definite: false });
    }
  }
  proxy.fault(undefined);
  const write = async () => {
    const kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
    return kinds.filter((kind) => kind !== "stored");
  };
  await expect.poll(write, { timeout: 30_000 }).toEqual([]);
  const { rows } = await client.execute(`SELECT device, revision FROM ${keyspace}.temperatures`);
  const revisions = rows
    .filter(({ device }) => device.startsWith("s-"))
    .map(({ revision }) => revision);
  expect(revisions).toEqual(batch.map(() => 30));
});

function column(name: string): Column {
  return { from: "value", path: [name], alias: name };
}

async function openSink(
  statements: readonly Statement[],
  change: Partial<CassandraSettings> = {},
): Promise<Sink & AsyncDisposable> {
  const { localDataCenter } = liveStack().cassandra;
  const sample = cassandraSettings("127.0.0.1", proxy.port, localDataCenter, keyspace);
  const settings = { ...sample, ...change };
  const api = driverCassandra(settings);
  const sink = createCassandraSink({ api, settings, statements, now: () => midnight });
  try {
    await sink.open(never);
  } catch (error) {
    await sink.close();
    throw error;
  }
  return { ...sink, [Symbol.asyncDispose]: sink.close };
}

/** A value of the driver as text: most have one of their own. */
function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof cassandra.types.Tuple) return JSON.stringify(value.values().map(String));
  const isOwn =
    typeof value === "object" && value !== null && value.constructor.name in cassandra.types;
  return typeof value === "object" && !isOwn ? JSON.stringify(value) : String(value);
}

/** The driver reconnects half a second after an outage: closed before, in the midst of it, and after. */
const closedAfterMs = Array.from({ length: 24 }, (_, nth) => 450 + 8 * nth);

test("closed while its driver comes back from an outage, a client leaves no connection open", async () => {
  const { contactPoint, port, localDataCenter } = liveStack().cassandra;
  const left = await Promise.all(
    closedAfterMs.map(async (waitMs) => {
      const own = await cuttableProxy(contactPoint, port);
      const settings = cassandraSettings("127.0.0.1", own.port, localDataCenter, keyspace);
      const api = driverCassandra(settings);
      await api.connect();
      own.fault("down");
      await expect.poll(own.connections).toBe(0);
      own.fault(undefined);
      await systemClock.sleep(waitMs);
      await api.close();
      return own;
    }),
  );
  const open = () => left.reduce((sum, { connections }) => sum + connections(), 0);
  await expect.poll(open, { timeout: 5_000 }).toBe(0);
  // A connection that was being made comes up within milliseconds, or not at all.
  await systemClock.sleep(500);
  expect(open()).toBe(0);
  await Promise.all(left.map((own) => own.close()));
});
