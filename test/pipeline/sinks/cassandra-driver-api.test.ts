/** What the adapter does by itself, before it asks a server. */
import { EventEmitter } from "node:events";
import type cassandra from "cassandra-driver";
import { expect, test } from "vitest";
import type { RowPlan } from "../../../pipeline/sinks/cassandra/api.ts";
import { driverCassandra } from "../../../pipeline/sinks/cassandra/driver-api.ts";
import { LoneHostPolicy } from "../../../pipeline/sinks/cassandra/lone-host.ts";
import { cassandraSettings } from "./sample-jobs.ts";

const never = new AbortController().signal;

test("a cell that has no bytes rejects its rows, and throws at nobody", async () => {
  const api = driverCassandra(cassandraSettings("127.0.0.1", 1, "dc1", "k"));
  const columns = [{ name: "id", type: "uuid" }];
  const plan: RowPlan = { action: "insert", keyspace: "k", table: "t", columns, expires: false };
  const row = { cells: ["no uuid"], timestampMicros: 1, ttlSeconds: undefined };
  for (const rows of [[row], [row, row]]) {
    const applied = api.apply(plan, rows, never);
    await expect(applied).rejects.toMatchObject({ code: "cassandra-api" });
  }
  await api.close();
});

test.each([
  [1, 0],
  [2, 1],
])("of %i hosts the replicas are looked up %i times a request", (count, expected) => {
  let lookedUp = 0;
  const all = Array.from({ length: count }, () => ({ datacenter: "dc1", isUp: () => true }));
  const hosts = Object.assign(new EventEmitter(), { length: count, values: () => all });
  const getReplicas = (): null => {
    lookedUp++;
    return null; // As of a keyspace that it does not know: all hosts will do.
  };
  const client = { getReplicas, log: () => undefined, options: {} };
  const policy = new LoneHostPolicy({ localDc: "dc1" });
  const fail = (error: unknown): void => {
    if (error) throw error;
  };
  policy.init(client as never, hosts as unknown as cassandra.HostMap, fail as never);
  const execution = {
    getRoutingKey: () => Buffer.from("key"),
    getKeyspace: () => "k",
    getPreferredHost: () => null,
  };
  let planned: unknown[] = [];
  policy.newQueryPlan("k", execution as never, (_, hosts) => {
    planned = [...(hosts as unknown as Iterable<unknown>)];
  });
  expect(planned).toHaveLength(count);
  expect(lookedUp).toBe(expected);
});
