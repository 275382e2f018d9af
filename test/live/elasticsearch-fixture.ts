/** The real Elasticsearch, behind a proxy, as the contract suite wants it; indices of its own, deleted at the end. */
import { randomBytes } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../../pipeline/sinks/elasticsearch/http-api.ts";
import { cuttableProxy } from "../pipeline/sinks/cuttable-proxy.ts";
import { addDocument } from "../pipeline/sinks/memory-elasticsearch-fixture.ts";
import { elasticsearchKcql, elasticsearchSettings } from "../pipeline/sinks/sample-jobs.ts";
import { midnight, statementOf } from "../pipeline/sinks/sample-writes.ts";
import { agingDays, type SinkFixture, type StoredRow } from "../pipeline/sinks/sink-fixture.ts";
import { liveStack } from "./live-stack.ts";

export async function elasticsearchFixture(): Promise<SinkFixture> {
  const { node } = liveStack().elasticsearch;
  const { hostname, port } = new URL(node);
  const proxy = await cuttableProxy(hostname, Number(port));
  const client = new Client({ node });
  const run = `sinks${randomBytes(5).toString("hex")}`;
  const statement = statementOf(elasticsearchKcql(`${run}-temps`));
  const second = statementOf(elasticsearchKcql(`${run}-copies`, "UPSERT"));
  const aging = statementOf(elasticsearchKcql(`${run}-aging`));
  const statements = [statement, second, aging];
  const settings = {
    ...elasticsearchSettings(`http://127.0.0.1:${proxy.port}`),
    retirement: { afterDays: agingDays, action: "delete" as const },
  };
  return {
    statement,
    second,
    aging,
    createSink: (now = () => midnight) => {
      const api = httpElasticsearch(settings);
      return createElasticsearchSink({ api, settings, statements, now });
    },
    read: async ({ target }) => {
      const index = `${target}-*`;
      await client.indices.refresh({ index });
      const { hits } = await client.search({ index, size: 10_000 });
      const rows = new Map<string, StoredRow>();
      for (const hit of hits.hits) addDocument(rows, hit._index, hit._source);
      return rows;
    },
    placeOf: (day) => `${statement.target}-${day.replaceAll("-", ".")}`,
    fault: proxy.fault,
    refuse: async (on) => {
      const index = `${run}-*`;
      await client.indices.putSettings({ index, settings: { "index.blocks.write": on || null } });
    },
    connections: proxy.connections,
    close: async () => {
      const index = Object.keys(await client.indices.get({ index: `${run}-*` }));
      if (index.length > 0) await client.indices.delete({ index });
      await client.indices.deleteIndexTemplate({ name: `${run}-*` });
      await client.close();
      await proxy.close();
    },
  };
}
