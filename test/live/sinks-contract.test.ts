/** The real stores keep the promises of a sink. Each test has an index or keyspace of its own, deleted after it. */
import { randomBytes } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import cassandra from "cassandra-driver";
import { systemClock } from "../../pipeline/clock.ts";
import { createCassandraSink } from "../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { driverCassandra } from "../../pipeline/sinks/cassandra/driver-api.ts";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../../pipeline/sinks/elasticsearch/http-api.ts";
import { cuttableProxy } from "../pipeline/sinks/cuttable-proxy.ts";
import { addDocument } from "../pipeline/sinks/memory-sinks.ts";
import {
  cassandraKcql,
  cassandraSettings,
  elasticsearchKcql,
  elasticsearchSettings,
} from "../pipeline/sinks/sample-jobs.ts";
import { statementOf } from "../pipeline/sinks/sample-writes.ts";
import { sinkContract } from "../pipeline/sinks/sink-contract.ts";
import type { SinkFixture, StoredRow } from "../pipeline/sinks/sink-fixture.ts";
import { liveStack } from "./live-stack.ts";

sinkContract("Elasticsearch", elasticsearchFixture);
sinkContract("Cassandra", cassandraFixture);

async function elasticsearchFixture(): Promise<SinkFixture> {
  const { node } = liveStack().elasticsearch;
  const { hostname, port } = new URL(node);
  const proxy = await cuttableProxy(hostname, Number(port));
  const client = new Client({ node });
  const target = uniqueName();
  const statement = statementOf(elasticsearchKcql(target));
  const settings = elasticsearchSettings(`http://127.0.0.1:${proxy.port}`);
  return {
    statement,
    createSink: () =>
      createElasticsearchSink({
        api: httpElasticsearch(settings),
        settings,
        statements: [statement],
      }),
    read: async () => {
      const index = `${target}-*`;
      await client.indices.refresh({ index });
      const { hits } = await client.search({ index, size: 10_000 });
      const rows = new Map<string, StoredRow>();
      for (const hit of hits.hits) addDocument(rows, hit._index, hit._source);
      return rows;
    },
    placeOf: (day) => `${target}-${day.replaceAll("-", ".")}`,
    tellsNotNewer: true,
    fault: proxy.fault,
    connections: proxy.connections,
    close: async () => {
      const found = await client.indices.get({ index: `${target}-*` });
      const index = Object.keys(found);
      if (index.length > 0) await client.indices.delete({ index });
      await client.indices.deleteIndexTemplate({ name: `${target}-fleetproof` });
      await client.close();
      await proxy.close();
    },
  };
}

async function cassandraFixture(): Promise<SinkFixture> {
  const { contactPoint, port, localDataCenter } = liveStack().cassandra;
  const proxy = await cuttableProxy(contactPoint, port);
  const contactPoints = [`${contactPoint}:${port}`];
  const client = new cassandra.Client({ contactPoints, localDataCenter });
  const keyspace = uniqueName();
  const statement = statementOf(cassandraKcql);
  const settings = cassandraSettings("127.0.0.1", proxy.port, localDataCenter, keyspace);
  return {
    statement,
    createSink: () =>
      createCassandraSink({
        api: driverCassandra(settings),
        settings,
        statements: [statement],
        now: systemClock.now,
      }),
    read: async () => {
      const rows = new Map<string, StoredRow>();
      const { rows: found } = await client.execute(`SELECT * FROM ${keyspace}.temperatures`, [], {
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
    tellsNotNewer: false,
    fault: proxy.fault,
    connections: proxy.connections,
    close: async () => {
      await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await client.shutdown();
      await proxy.close();
    },
  };
}

function uniqueName(): string {
  return `sinks${randomBytes(5).toString("hex")}`;
}
