/** Elasticsearch in memory, as the contract suite wants it. */
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { elasticsearchKcql, elasticsearchSettings } from "./sample-jobs.ts";
import { midnight, statementOf } from "./sample-writes.ts";
import { agingDays, type SinkFixture, type StoredRow } from "./sink-fixture.ts";

export async function memoryElasticsearchFixture(): Promise<SinkFixture> {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const statement = statementOf(elasticsearchKcql("temps"));
  const second = statementOf(elasticsearchKcql("copies", "UPSERT"));
  const aging = statementOf(elasticsearchKcql("aging"));
  const settings = {
    ...elasticsearchSettings("http://nowhere:9200"),
    retirement: { afterDays: agingDays, action: "delete" as const },
  };
  return {
    statement,
    second,
    aging,
    createSink: (now = () => midnight) => {
      const statements = [statement, second, aging];
      return createElasticsearchSink({ api: store.connect(), settings, statements, now });
    },
    read: async ({ target }) => {
      const rows = new Map<string, StoredRow>();
      for (const [index, documents] of store.indices) {
        if (!index.startsWith(`${target}-`)) continue;
        for (const { source } of documents.values()) addDocument(rows, index, source);
      }
      return rows;
    },
    placeOf: (day) => `temps-${day.replaceAll("-", ".")}`,
    fault: store.fault,
    refuse: async (on) => store.fault(on ? "read-only" : undefined),
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
