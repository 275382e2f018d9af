/** The stores in memory, as the contract suite wants them. */
import { createMemoryCassandra } from "../../../harness/simulation/memory-cassandra.ts";
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import { createCassandraSink } from "../../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import {
  cassandraKcql,
  cassandraSettings,
  elasticsearchKcql,
  elasticsearchSettings,
} from "./sample-jobs.ts";
import { statementOf } from "./sample-writes.ts";
import type { SinkFixture, StoredRow } from "./sink-fixture.ts";

export async function memoryElasticsearchFixture(): Promise<SinkFixture> {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const statement = statementOf(elasticsearchKcql("temps"));
  return {
    statement,
    createSink: () =>
      createElasticsearchSink({
        api: store.connect(),
        settings: elasticsearchSettings("http://nowhere:9200"),
        statements: [statement],
      }),
    read: async () => {
      const rows = new Map<string, StoredRow>();
      for (const [index, documents] of store.indices) {
        for (const { source } of documents.values()) addDocument(rows, index, source);
      }
      return rows;
    },
    placeOf: (day) => `temps-${day.replaceAll("-", ".")}`,
    tellsNotNewer: true,
    fault: store.fault,
    connections: () => 0,
    close: async () => {},
  };
}

/** Adds a document as the aggregate that it is. */
export function addDocument(rows: Map<string, StoredRow>, index: string, source: unknown): void {
  const { device, window, temperature, count, digest } = source as {
    device: { id: string; home?: string };
    window: { start: number };
    temperature: { sum: number; mean: number };
    count: number;
    digest: string;
  };
  const { sum, mean } = temperature;
  const row = { device: device.id, start: window.start, count, sum, mean, digest };
  rows.set(`${device.id}@${window.start}`, { ...row, home: device.home, place: index });
}

export async function memoryCassandraFixture(): Promise<SinkFixture> {
  const store = createMemoryCassandra({ clock: systemClock });
  const statement = statementOf(cassandraKcql);
  return {
    statement,
    createSink: () =>
      createCassandraSink({
        api: store.connect(),
        settings: cassandraSettings("nowhere", 9042, "datacenter1", "temps"),
        statements: [statement],
        now: systemClock.now,
      }),
    read: async () => {
      const rows = [...store.rows("temps", "temperatures").values()].map(
        ({ device, start, count, sum, mean, digest, home, day }) =>
          ({ device, start, count, sum, mean, digest, home, place: day }) as StoredRow,
      );
      return new Map(rows.map((row) => [`${row.device}@${row.start}`, row]));
    },
    placeOf: (day) => day,
    tellsNotNewer: false,
    fault: store.fault,
    connections: () => 0,
    close: async () => {},
  };
}
