/** The sink that a job's config asks for, on the real store. */
import { createCassandraSink } from "../sinks/cassandra/cassandra-sink.ts";
import { driverCassandra } from "../sinks/cassandra/driver-api.ts";
import { createElasticsearchSink } from "../sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../sinks/elasticsearch/http-api.ts";
import type { Sink } from "../sinks/sink.ts";
import type { JobConfig } from "./config/job-config.ts";

/** `now`: the job's clock, by which a TTL is counted and an index is past its days. */
export function createSink({ store, statements }: JobConfig, now: () => number): Sink {
  return store.store === "elasticsearch"
    ? createElasticsearchSink({ api: httpElasticsearch(store), settings: store, statements, now })
    : createCassandraSink({ api: driverCassandra(store), settings: store, statements, now });
}
