/** The sink that a job's config asks for, on the real store. */
import { plantInCassandra, plantInElasticsearch } from "#planted";
import { createCassandraSink } from "../sinks/cassandra/cassandra-sink.ts";
import { driverCassandra } from "../sinks/cassandra/driver-api.ts";
import { createElasticsearchSink } from "../sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../sinks/elasticsearch/http-api.ts";
import type { Sink } from "../sinks/sink.ts";
import type { JobConfig } from "./config/job-config.ts";

/** `now`: the job's clock, by which a TTL is counted and an index is past its days. */
export function createSink({ store, statements }: JobConfig, now: () => number): Sink {
  const common = { statements, now };
  if (store.store === "elasticsearch") {
    const api = plantInElasticsearch(httpElasticsearch(store));
    return createElasticsearchSink({ api, settings: store, ...common });
  }
  const api = plantInCassandra(driverCassandra(store));
  return createCassandraSink({ api, settings: store, ...common });
}
