/** Names of connectors: ours, and those that people have in their configs. */

export type StoreKind = "elasticsearch" | "cassandra";

/**
 * By class name. Both families of Stream Reactor: `com.datamountaineer` up to 2.x, `io.lenses`
 * since.
 */
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

/**
 * By full name, or by its last part where that is clear: `CassandraSink`, `ElasticSinkConnector`.
 */
export function storeOf(className: string): StoreKind | undefined {
  if (Object.hasOwn(connectorClasses, className)) return connectorClasses[className];
  if (className.includes(".")) return undefined;
  const stores = Object.entries(connectorClasses)
    .filter(([name]) => name.endsWith(`.${className}`))
    .map(([, store]) => store);
  return stores[0];
}

/** Prefix of a store's own keys. */
export const storePrefix = {
  elasticsearch: "connect.elastic.",
  cassandra: "connect.cassandra.",
} as const satisfies Record<StoreKind, string>;
