/** A planted bug: which ports of the unchanged product it wraps. It must wrap at least one. */
import type { Clock } from "../../pipeline/clock.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { CassandraApi } from "../../pipeline/sinks/cassandra/api.ts";
import type { ElasticsearchApi } from "../../pipeline/sinks/elasticsearch/api.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";

export type Bug = {
  /** Of the aggregator and of the persisting jobs; told apart by the topics they speak of. */
  readonly kafka?: (kafka: Kafka) => Kafka;
  /** `store` as in the job's connector class. */
  readonly sink?: (sink: Sink, store: string) => Sink;
  readonly elasticsearch?: (api: ElasticsearchApi) => ElasticsearchApi;
  readonly cassandra?: (api: CassandraApi) => CassandraApi;
  /** By which a persisting job counts TTLs and retirement. */
  readonly jobClock?: (clock: Clock) => Clock;
  /** Of the harness itself; `place` names the port, as the harness calls it there. */
  readonly harness?: <T>(place: string, port: T) => T;
};

export type BugTable = Readonly<Record<string, Bug>>;
