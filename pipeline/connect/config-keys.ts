/**
 * The keys that a job's config may hold. Names are those of Kafka Connect and of Stream Reactor's sinks, so
 * that a config people already have goes on working; `fleetproof.*` are our own. Where a unit was broken
 * there (`write.timeout`, `retry.interval`), ours is what the documentation says: milliseconds.
 */
import { consistencies } from "../sinks/cassandra/settings.ts";

export type KeySpec =
  | { readonly type: "text"; readonly fallback?: string }
  | { readonly type: "list"; readonly fallback?: string }
  | { readonly type: "choice"; readonly of: readonly string[]; readonly fallback: string }
  | {
      readonly type: "int";
      readonly min: number;
      readonly max: number;
      readonly fallback: number;
    };

export type StoreKind = "elasticsearch" | "cassandra";

const day = 86_400_000;
const maxPort = 65_535;

const common: Readonly<Record<string, KeySpec>> = {
  "connector.class": { type: "text" },
  "tasks.max": { type: "int", min: 1, max: 1_000, fallback: 1 },
  topics: { type: "list" },
  "key.converter": { type: "text", fallback: "" },
  "value.converter": { type: "text", fallback: "" },
  "value.converter.schemas.enable": { type: "text", fallback: "false" },
  "fleetproof.kcql.mode": { type: "choice", of: ["strict"], fallback: "strict" },
  "fleetproof.version.field": { type: "text", fallback: "version" },
  "fleetproof.time.field": { type: "text", fallback: "window.start" },
};

const elasticsearch: Readonly<Record<string, KeySpec>> = {
  "connect.elastic.kcql": { type: "text" },
  "connect.elastic.hosts": { type: "list", fallback: "localhost" },
  "connect.elastic.port": { type: "int", min: 1, max: maxPort, fallback: 9200 },
  "connect.elastic.protocol": { type: "choice", of: ["http", "https"], fallback: "http" },
  "connect.elastic.use.http.username": { type: "text", fallback: "" },
  "connect.elastic.use.http.password": { type: "text", fallback: "" },
  "connect.elastic.batch.size": { type: "int", min: 1, max: 100_000, fallback: 2_000 },
  "connect.elastic.write.timeout": { type: "int", min: 100, max: day, fallback: 30_000 },
  "connect.elastic.pk.separator": { type: "text", fallback: "-" },
  "fleetproof.elastic.shards": { type: "int", min: 1, max: 1_024, fallback: 1 },
  "fleetproof.elastic.replicas": { type: "int", min: 0, max: 10, fallback: 0 },
};

const cassandra: Readonly<Record<string, KeySpec>> = {
  "connect.cassandra.kcql": { type: "text" },
  "connect.cassandra.contact.points": { type: "list", fallback: "localhost" },
  "connect.cassandra.port": { type: "int", min: 1, max: maxPort, fallback: 9042 },
  "connect.cassandra.key.space": { type: "text" },
  "connect.cassandra.username": { type: "text", fallback: "" },
  "connect.cassandra.password": { type: "text", fallback: "" },
  "connect.cassandra.load.balancing.local.dc": { type: "text", fallback: "datacenter1" },
  "connect.cassandra.consistency.level": {
    type: "choice",
    of: consistencies,
    fallback: "LOCAL_QUORUM",
  },
  "fleetproof.cassandra.replication": { type: "int", min: 1, max: 100, fallback: 1 },
};

/** What both stores' keys end in, after `connect.elastic.` or `connect.cassandra.`. */
const errorPolicy: Readonly<Record<string, KeySpec>> = {
  "error.policy": { type: "choice", of: ["RETRY", "THROW"], fallback: "RETRY" },
  "max.retries": { type: "int", min: -1, max: 1_000_000, fallback: -1 },
  "retry.interval": { type: "int", min: 1, max: day, fallback: 1_000 },
};

/** Prefix of a store's own keys. */
export const storePrefix = {
  elasticsearch: "connect.elastic.",
  cassandra: "connect.cassandra.",
} as const satisfies Record<StoreKind, string>;

export function keysOf(store: StoreKind): Readonly<Record<string, KeySpec>> {
  const policies = Object.entries(errorPolicy).map(([key, spec]) => [
    storePrefix[store] + key,
    spec,
  ]);
  const own = store === "elasticsearch" ? elasticsearch : cassandra;
  return { ...common, ...own, ...Object.fromEntries(policies) };
}

/** Ours, and the names that people have in their configs. */
export const connectorClasses: Readonly<Record<string, StoreKind>> = {
  "fleetproof.ElasticsearchSink": "elasticsearch",
  "io.lenses.streamreactor.connect.elastic7.ElasticSinkConnector": "elasticsearch",
  "io.lenses.streamreactor.connect.elastic6.ElasticSinkConnector": "elasticsearch",
  "com.datamountaineer.streamreactor.connect.elastic7.ElasticSinkConnector": "elasticsearch",
  "com.datamountaineer.streamreactor.connect.elastic6.ElasticSinkConnector": "elasticsearch",
  "com.datamountaineer.streamreactor.connect.elastic5.ElasticSinkConnector": "elasticsearch",
  "com.datamountaineer.streamreactor.connect.elastic.ElasticSinkConnector": "elasticsearch",
  "fleetproof.CassandraSink": "cassandra",
  "io.lenses.streamreactor.connect.cassandra.CassandraSinkConnector": "cassandra",
  "io.lenses.streamreactor.connect.cassandra.sink.CassandraSinkConnector": "cassandra",
  "com.datamountaineer.streamreactor.connect.cassandra.sink.CassandraSinkConnector": "cassandra",
};

/** Keys of Connect and of the old connectors that change nothing here: named in a warning. */
export const ignoredKeys: readonly RegExp[] = [
  /^errors\./,
  /^consumer\.override\./,
  /^header\.converter/,
  /^(key|value)\.converter\./,
  /^connect\.progress\.enabled$/,
  /^connect\.elastic\.(cluster\.name|index\.auto\.create)$/,
];
