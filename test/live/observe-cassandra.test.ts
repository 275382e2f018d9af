import { afterEach, expect, test } from "vitest";
import { openCassandra } from "../../harness/observe/cassandra-client.ts";
import { cassandraEvidence } from "../../harness/observe/cassandra-evidence.ts";
import { cassandraPoll } from "../../harness/observe/cassandra-poll.ts";
import { readCassandra } from "../../harness/observe/cassandra-scan.ts";
import { evidenceBetween } from "../../harness/observe/store-evidence.ts";
import { keptScan } from "../harness/observe/kept-scan.ts";
import { liveStack } from "./live-stack.ts";
import {
  deviceId,
  firstWindow,
  plan,
  plantedRow,
  plantInCassandra,
  removeFromCassandra,
  uniqueRun,
} from "./observe-rows.ts";

const table = "temperatures";
const mapping = { device: "device", window: "start", count: "count", sum: "sum", digest: "digest" };
const { signal } = new AbortController();
let run = "";

function scan(at: AbortSignal = signal) {
  const asked = { ...liveStack().cassandra, keyspace: run, table, signal: at };
  return keptScan({ store: "cassandra", mapping, plan }, (taker) => readCassandra(asked, taker));
}

afterEach(() => removeFromCassandra(liveStack(), run));

test("every row is read once, whatever the pages and token ranges", async () => {
  run = uniqueRun();
  const rows = Array.from({ length: 12_000 }, (_, at) => plantedRow(at >> 1, at & 1));
  await plantInCassandra(liveStack(), run, rows);
  const { rows: seen, count, leastWrites } = await scan();
  expect([count, leastWrites]).toEqual([12_000, 6_000]);
  const { device, window } = seen.table.columns;
  const found = Array.from({ length: count }, (_, row) => `${device[row]} ${window[row]}`);
  const planted = rows.map((row) => `${row.device} ${row.window}`);
  expect(found.toSorted()).toEqual(planted.toSorted());
});

test("a missing row is not there, an altered one is altered, a foreign device is kept as text", async () => {
  run = uniqueRun();
  await plantInCassandra(liveStack(), run, [plantedRow(1), { ...plantedRow(3), sum: 1 }]);
  const before = await scan();
  const client = openCassandra(liveStack().cassandra);
  const insert = `INSERT INTO ${run}.${table} (device, day, start) VALUES ('x', '2026-01-15', 0)`;
  await client.execute(insert);
  await client.shutdown();
  const { rows: seen, count, digest } = await scan();
  const { device, sum } = seen.table.columns;
  const found = Array.from({ length: count }, (_, row) => [device[row], sum[row]]);
  expect(found.toSorted()).toEqual([
    [-1, Number.NaN],
    [1, 59_191],
    [3, 1],
  ]);
  expect([...seen.deviceTexts.values()]).toEqual(["x"]);
  expect(seen.keys.toSorted()[0]).toBe(`t-0000001|2026-01-15|${firstWindow}`);
  expect(digest).not.toBe(before.digest);
});

test("a replay leaves the digest as it was, and the store counts its writes", async () => {
  run = uniqueRun();
  const rows = [plantedRow(1), plantedRow(2)];
  const at = { ...liveStack().cassandra, keyspace: run, table };
  await plantInCassandra(liveStack(), run, rows);
  const { digest } = await scan();
  const before = await cassandraEvidence(at);
  await plantInCassandra(liveStack(), run, rows);
  expect(evidenceBetween(before, await cassandraEvidence(at))).toMatchObject({ writes: 2 });
  expect((await scan()).digest).toBe(digest);
});

test("rows of one partition in one batch are one write to the store, and the scan knows how few suffice", async () => {
  run = uniqueRun();
  const at = { ...liveStack().cassandra, keyspace: run, table };
  await plantInCassandra(liveStack(), run, [plantedRow(1), plantedRow(1, 1), plantedRow(2)]);
  const before = await cassandraEvidence(at);
  const client = openCassandra(at);
  const insert = `INSERT INTO ${run}.${table} (device, day, start, count) VALUES (?, '2026-01-15', ?, 30)`;
  const batch = [0, 1].map((window) => [deviceId(1), plantedRow(1, window).window]);
  await client.batch(
    batch.map((params) => ({ query: insert, params })),
    { prepare: true, logged: false },
  );
  await client.shutdown();
  expect(evidenceBetween(before, await cassandraEvidence(at)).writes).toBe(1);
  expect((await scan()).leastWrites).toBe(2);
});

test("no table is an empty store, and a scan that is aborted says so", async () => {
  run = uniqueRun();
  expect((await scan()).count).toBe(0);
  await plantInCassandra(liveStack(), run, [plantedRow(1)]);
  await expect(scan(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});

test("a row is visible once its key is found, and before there is a table nothing is", async () => {
  run = uniqueRun();
  const poll = cassandraPoll({ ...liveStack().cassandra, keyspace: run, table, mapping });
  const targets = [1, 2].map((device) => ({
    device: deviceId(device),
    windowStart: firstWindow,
  }));
  expect(await poll.seen(targets, signal)).toEqual([]);
  await plantInCassandra(liveStack(), run, [plantedRow(2), plantedRow(3)]);
  // Its mapping names no version.
  const row = { ...targets[1], revision: 30, version: Number.NaN };
  expect(await poll.seen(targets, signal)).toEqual([row]);
  await poll.close();
});
