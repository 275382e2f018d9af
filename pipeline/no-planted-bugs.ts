/**
 * What `#planted` is in production: nothing. Under `node --conditions=planted` the same import
 * opens `test/planted/planted-bugs.ts`, which wraps these ports in a bug that the proof must find.
 */
import type { Clock } from "./clock.ts";
import type { Kafka } from "./kafka/port.ts";
import type { CassandraApi } from "./sinks/cassandra/api.ts";
import type { ElasticsearchApi } from "./sinks/elasticsearch/api.ts";
import type { Sink } from "./sinks/sink.ts";

export function plantInKafka(kafka: Kafka): Kafka {
  return kafka;
}

/** `store` as in the job's connector class. */
export function plantInSink(sink: Sink, _store: string): Sink {
  return sink;
}

export function plantInElasticsearch(api: ElasticsearchApi): ElasticsearchApi {
  return api;
}

export function plantInCassandra(api: CassandraApi): CassandraApi {
  return api;
}

/** By which a persisting job counts TTLs and retirement. */
export function plantInJobClock(clock: Clock): Clock {
  return clock;
}

/** `place` names the harness's port: its own bugs stand there. */
export function plantInHarness<T>(_place: string, port: T): T {
  return port;
}
