/**
 * What the Cassandra sink sends, without a server: batches, TTLs, deletions, and what each failure
 * comes to.
 */
import { expect, test } from "vitest";
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import {
  type CassandraApi,
  CassandraApiError,
  type Row,
  type RowPlan,
} from "../../../pipeline/sinks/cassandra/api.ts";
import { createCassandraSink } from "../../../pipeline/sinks/cassandra/cassandra-sink.ts";
import type { CassandraSettings } from "../../../pipeline/sinks/cassandra/settings.ts";
import { planTable } from "../../../pipeline/sinks/cassandra/table-plan.ts";
import { documentOf } from "../../../pipeline/sinks/sink.ts";
import { cassandraKcql, cassandraSettings } from "./sample-jobs.ts";
import { aggregate, midnight, statementOf, tombstoneOf, writeOf } from "./sample-writes.ts";

const never = new AbortController().signal;

test("a TTL ends at event time + TTL by the job's clock, within 1 s and 20 years", async () => {
  const day = 86_400_000;
  const sent: (number | undefined)[] = [];
  let now = 0;
  const sink = await openSink({
    statement: statementOf(`${cassandraKcql} TTL=604800`),
    now: () => now,
    apply: async (_, rows) => void sent.push(rows[0]?.ttlSeconds),
  });
  for (now of [midnight, midnight + 60_000, midnight + 10 * day, midnight - 20_000 * day]) {
    await sink.write([writeOf(sink.statement, aggregate("a", 0, 1))], never);
  }
  expect(sent).toEqual([604_800, 604_740, 1, 630_720_000]);
});

test("rows of one partition share batches of at most 50; other rows go alone", async () => {
  const { sizes, sink } = await counting(undefined);
  const day = Array.from({ length: 120 }, (_, nth) =>
    writeOf(sink.statement, aggregate("a", nth, 1)),
  );
  const alone = [0, 1, 2].map((at) => writeOf(sink.statement, aggregate(`b${at}`, 0, 1)));
  const results = await sink.write([...day, ...alone], never);
  expect(results.every(({ kind }) => kind === "stored")).toBe(true);
  expect(sizes.toSorted((a, b) => b - a)).toEqual([50, 50, 20, 1, 1, 1]);
});

test("two batches that are written at a time share one limit of requests", async () => {
  let underWay = 0;
  let most = 0;
  const sink = await openSink({
    apply: async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
    },
  });
  const batch = (name: string) =>
    Array.from({ length: 300 }, (_, at) =>
      writeOf(sink.statement, aggregate(`${name}${at}`, 0, 1)),
    );
  const results = await Promise.all(["a", "b"].map((name) => sink.write(batch(name), never)));
  expect(results.flat().every(({ kind }) => kind === "stored")).toBe(true);
  expect(most).toBe(128);
});

test("BATCH caps the rows of a batch, and does not raise its limit", async () => {
  for (const [batchSize, most] of [
    [10, 10],
    [1_000, 50],
  ] as const) {
    const { sizes, sink } = await counting(batchSize);
    const day = Array.from({ length: 100 }, (_, nth) =>
      writeOf(sink.statement, aggregate("a", nth, 1)),
    );
    await sink.write(day, never);
    expect(Math.max(...sizes)).toBe(most);
  }
});

test("a tombstone deletes by PK as of its version, in a batch apart from writes", async () => {
  const sent: string[] = [];
  const sink = await openSink({
    apply: async ({ action, columns }, rows) => {
      for (const { cells, timestampMicros, ttlSeconds } of rows) {
        if (action === "insert") sent.push(action);
        else
          sent.push(`${columns.map(({ name }, at) => `${name}=${cells[at]}`)}@${timestampMicros}`);
        expect(ttlSeconds).toBeUndefined();
      }
    },
  });
  const record = aggregate("a", 0, 1);
  const batch = [tombstoneOf(sink.statement, record), writeOf(sink.statement, record)];
  expect((await sink.write(batch, never)).map(({ kind }) => kind)).toEqual(["stored", "stored"]);
  const key = `device=a,day=2026-01-15,start=${midnight}`;
  expect(sent).toEqual([`${key}@${record.version}`, "insert"]);
});

test("a tombstone that names no row fails", async () => {
  const sink = await openSink({ statement: { ...statementOf(cassandraKcql), primaryKey: [] } });
  const [result] = await sink.write([tombstoneOf(sink.statement, aggregate("a", 0, 1))], never);
  expect(result).toMatchObject({ kind: "failed", error: { message: /which row to delete by PK/ } });
});

test("what is missing is left alone, or written as null if the settings say so", async () => {
  for (const [missing, expected] of [
    ["unset", undefined],
    ["null", null],
  ] as const) {
    const homes: unknown[] = [];
    const sink = await openSink({
      missing,
      apply: async ({ columns }, rows) => {
        const at = columns.findIndex(({ name }) => name === "home");
        for (const { cells } of rows) homes.push(cells[at]);
      },
    });
    const write = writeOf(sink.statement, aggregate("a", 0, 1));
    const { home: _, ...document } = documentOf(write);
    const nulled = { ...write, document: { ...document, home: null } };
    await sink.write([{ ...write, document }, nulled], never);
    expect(homes).toEqual([expected, expected]);
  }
});

test("a document that is held as JSON alone is read out of it", async () => {
  const rows: Row[] = [];
  const sink = await openSink({ apply: async (_, sent) => void rows.push(...sent) });
  const write = writeOf(sink.statement, aggregate("ü", 0, 1));
  const json = Buffer.from(JSON.stringify(write.document));
  const results = await sink.write([write, { ...write, document: undefined, json }], never);
  expect(results.map(({ kind }) => kind)).toEqual(["stored", "stored"]);
  expect(rows[1]).toEqual(rows[0]);
});

test("a row without a part of its key fails", async () => {
  const sink = await openSink({});
  const write = writeOf(sink.statement, aggregate("a", 0, 1));
  const { day: _, ...document } = documentOf(write);
  const results = await sink.write([{ ...write, document }], never);
  expect(results).toMatchObject([
    { kind: "failed", error: { message: "the key 'day' is missing" } },
  ]);
});

test("a field that '*' lifts and the table has no column for fails its row alone", async () => {
  const lifting = cassandraKcql.replace(/temperature\.mean|temperature\.sum/g, "temperature.*");
  const statement = statementOf(lifting.replace("temperature.*, temperature.*", "temperature.*"));
  const sink = await openSink({ statement });
  const write = writeOf(statementOf(cassandraKcql), aggregate("a", 0, 1));
  const known = { ...write, statement: sink.statement };
  const more = { ...known, document: { ...documentOf(write), more: 1 } };
  expect(await sink.write([known, more], never)).toMatchObject([
    { kind: "stored" },
    { kind: "failed", error: { message: "the table has no column 'more'" } },
  ]);
});

test("a batch that is refused is halved, so that one bad row is told from good ones", async () => {
  let requests = 0;
  const sink = await openSink({
    apply: async (_, rows) => {
      requests++;
      if (rows.some(({ cells }) => cells.includes(13))) {
        throw new CassandraApiError("invalid", { passing: false });
      }
    },
  });
  const batch = Array.from({ length: 40 }, (_, nth) =>
    writeOf(sink.statement, aggregate("a", nth, nth + 1)),
  );
  const kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
  expect(kinds).toEqual(batch.map((_, nth) => (nth === 12 ? "failed" : "stored")));
  expect(requests).toBeLessThan(15);
});

test("what is overloaded or surely not written is told on", async () => {
  for (const [overloaded, definite] of [
    [true, true],
    [false, true],
    [false, false],
  ] as const) {
    const sink = await openSink({
      apply: async () => {
        throw new CassandraApiError("not now", { passing: true, overloaded, definite });
      },
    });
    const [result] = await sink.write([writeOf(sink.statement, aggregate("a", 0, 1))], never);
    expect(result).toMatchObject({ kind: "retriable", overloaded, definite });
  }
});

test("given up, what has no answer is retriable, and late answers change nothing", async () => {
  const control = new AbortController();
  const late: (() => void)[] = [];
  const sink = await openSink({
    apply: async (_plan, _rows, signal) => {
      if (signal.aborted) throw new CassandraApiError("not sent", { passing: true });
      await new Promise<void>((_, reject) => late.push(() => reject(new TypeError("late"))));
    },
  });
  const batch = Array.from({ length: 200 }, (_, at) =>
    writeOf(sink.statement, aggregate(`${at}`, 0, 1)),
  );
  const bad = { ...batch[0]!, document: {} };
  const writing = sink.write([bad, ...batch], control.signal);
  control.abort(new Error("stop"));
  const results = await writing;
  const kinds = results.map(({ kind }) => kind);
  expect(kinds).toEqual(["failed", ...batch.map(() => "retriable")]);
  const asked = late.length;
  for (const answer of late) answer();
  await Promise.resolve();
  expect(late).toHaveLength(asked);
  expect(results.map(({ kind }) => kind)).toEqual(kinds);
});

test("opening that is given up is unavailable, not refused", async () => {
  const connect = () => new Promise<void>(() => {});
  const opening = openSink({ connect, signal: AbortSignal.timeout(10) });
  await expect(opening).rejects.toMatchObject({ code: "unavailable" });
});

test("what is not there is refused with what to do", async () => {
  const open = (describeTable: CassandraApi["describeTable"]) => openSink({ describeTable });
  await expect(open(async () => "no-keyspace")).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/^there is no keyspace ks: create it, or say AUTOCREATE/),
  });
  await expect(open(async () => "no-table")).rejects.toThrow("no table ks.temperatures: create it");
});

async function counting(batchSize: number | undefined) {
  const sizes: number[] = [];
  const statement = { ...statementOf(cassandraKcql), batchSize };
  const apply = async (_: RowPlan, rows: readonly Row[]) => void sizes.push(rows.length);
  return { sizes, sink: await openSink({ statement, apply }) };
}

async function openSink(
  options: Partial<CassandraApi> & {
    readonly statement?: Statement;
    readonly missing?: CassandraSettings["missing"];
    readonly now?: () => number;
    readonly signal?: AbortSignal;
  },
) {
  const statement = options.statement ?? statementOf(cassandraKcql);
  const nothing = async (): Promise<void> => {};
  const table = planTable(statementOf(cassandraKcql), "ks");
  if (!table.ok) throw new Error(table.message);
  const api: CassandraApi = {
    connect: nothing,
    createKeyspace: nothing,
    createTable: nothing,
    describeTable: async () => table.value,
    apply: nothing,
    close: nothing,
    ...options,
  };
  const settings = {
    ...cassandraSettings("nowhere", 9042, "datacenter1", "ks"),
    missing: options.missing ?? "unset",
  };
  const now = options.now ?? (() => midnight);
  const statements = [{ ...statement, autoCreate: false }];
  const sink = createCassandraSink({ api, settings, statements, now });
  await sink.open(options.signal ?? never);
  return { ...sink, statement: statements[0]! };
}
