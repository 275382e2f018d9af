/** The real Cassandra, behind a proxy, as the contract suite wants it; a keyspace of its own, dropped at the end. */
import { randomBytes } from "node:crypto";
import cassandra from "cassandra-driver";
import { createCassandraSink } from "../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { driverCassandra } from "../../pipeline/sinks/cassandra/driver-api.ts";
import { cuttableProxy } from "../pipeline/sinks/cuttable-proxy.ts";
import {
  cassandraKcql,
  cassandraKcqlInto,
  cassandraSettings,
} from "../pipeline/sinks/sample-jobs.ts";
import { midnight, statementOf } from "../pipeline/sinks/sample-writes.ts";
import { agingDays, type SinkFixture, type StoredRow } from "../pipeline/sinks/sink-fixture.ts";
import { liveStack } from "./live-stack.ts";

export async function cassandraFixture(): Promise<SinkFixture> {
  const { contactPoint, port, localDataCenter } = liveStack().cassandra;
  const proxy = await cuttableProxy(contactPoint, port);
  const contactPoints = [`${contactPoint}:${port}`];
  const client = new cassandra.Client({ contactPoints, localDataCenter });
  const keyspace = `sinks${randomBytes(5).toString("hex")}`;
  const statement = statementOf(cassandraKcql);
  const second = statementOf(cassandraKcqlInto("copies", "UPSERT"));
  const aging = statementOf(`${cassandraKcqlInto("aging")} TTL=${agingDays * 86_400}`);
  const settings = cassandraSettings("127.0.0.1", proxy.port, localDataCenter, keyspace);
  return {
    statement,
    second,
    aging,
    createSink: (now = () => midnight) =>
      createCassandraSink({
        api: driverCassandra(settings),
        settings,
        statements: [statement, second, aging],
        now,
      }),
    read: async ({ target }) => {
      const rows = new Map<string, StoredRow>();
      const { rows: found } = await client.execute(`SELECT * FROM ${keyspace}.${target}`, [], {
        prepare: true,
        fetchSize: 10_000,
      });
      for (const row of found) {
        const { device, count, mean, digest } = row;
        const start = row["start"].getTime();
        const home = row["home"] ?? undefined;
        const place = row["day"].toString();
        const sum = row["sum"].toNumber();
        rows.set(`${device}@${start}`, { device, start, count, sum, mean, digest, home, place });
      }
      return rows;
    },
    placeOf: (day) => day,
    fault: proxy.fault,
    // Two replicas where there is one node: a quorum of them is not to be had, and Cassandra says so at once.
    refuse: async (on) => {
      const replication = `{'class': 'NetworkTopologyStrategy', '${localDataCenter}': ${on ? 2 : 1}}`;
      await client.execute(`ALTER KEYSPACE ${keyspace} WITH replication = ${replication}`);
    },
    connections: proxy.connections,
    close: async () => {
      await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await client.shutdown();
      await proxy.close();
    },
  };
}
