/** Statements and settings of the two stores, as the sample configs in `scenarios/jobs/` have them. */
import type { CassandraSettings } from "../../../pipeline/sinks/cassandra/settings.ts";
import type { ElasticsearchSettings } from "../../../pipeline/sinks/elasticsearch/settings.ts";

type Mode = "INSERT" | "UPSERT";

export function elasticsearchKcql(target: string, mode: Mode = "INSERT"): string {
  return (
    `${mode} INTO ${target} SELECT * FROM run.temperatures.aggregated AUTOCREATE ` +
    "PK device.id, window.start WITHINDEXSUFFIX=`-{yyyy.MM.dd}`"
  );
}

export const cassandraKcql = cassandraKcqlInto("temperatures");

export function cassandraKcqlInto(table: string, mode: Mode = "INSERT"): string {
  return (
    `${mode} INTO ${table} SELECT device.id AS device, window.day, window.start, ` +
    "window.end AS window_end, device.home, device.model, count, temperature.min, temperature.max, " +
    "temperature.mean, temperature.sum, revision, version, digest " +
    "FROM run.temperatures.aggregated AUTOCREATE PK device.id, window.day, window.start"
  );
}

export function elasticsearchSettings(node: string): ElasticsearchSettings {
  return {
    store: "elasticsearch",
    nodes: [node],
    credentials: undefined,
    batchSize: 500,
    writeTimeoutMs: 30_000,
    pkSeparator: "_",
    shards: 1,
    replicas: 0,
    job: "sample",
    mergeUpserts: false,
    retirement: undefined,
  };
}

export function cassandraSettings(
  host: string,
  port: number,
  localDataCenter: string,
  keyspace: string,
): CassandraSettings {
  return {
    store: "cassandra",
    contactPoints: [host],
    port,
    keyspace,
    localDataCenter,
    credentials: undefined,
    consistency: "LOCAL_QUORUM",
    replication: 1,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 12_000,
    missing: "unset",
  };
}
