/**
 * The bugs that the proof must find, chosen by FLEETPROOF_PLANTED_BUG. Each wraps a port of the
 * unchanged product; none is in the shipped package. Reached by the import `#planted` under `node
 * --conditions=planted`.
 */
import type { Clock } from "../../pipeline/clock.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { CassandraApi } from "../../pipeline/sinks/cassandra/api.ts";
import type { ElasticsearchApi } from "../../pipeline/sinks/elasticsearch/api.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";
import { aggregatorBugs } from "./aggregator-bugs/aggregator-bugs.ts";
import type { Bug, BugTable } from "./bug.ts";
import { jobBugs } from "./job-bugs/job-bugs.ts";
import { skipOneWrite } from "./skip-one-write.ts";

export const bugs: BugTable = {
  ...aggregatorBugs,
  ...jobBugs,
  /**
   * One aggregate reaches Elasticsearch and is reported as stored to Cassandra, which it never
   * reaches.
   */
  "skip-one-write": { sink: skipOneWrite },
};

/**
 * The name under which nothing is planted: the sound pipeline in the very surroundings of the bugs.
 */
const none = "none";

export function plantInKafka(kafka: Kafka): Kafka {
  return chosen().kafka?.(kafka) ?? kafka;
}

export function plantInSink(sink: Sink, store: string): Sink {
  return chosen().sink?.(sink, store) ?? sink;
}

export function plantInElasticsearch(api: ElasticsearchApi): ElasticsearchApi {
  return chosen().elasticsearch?.(api) ?? api;
}

export function plantInCassandra(api: CassandraApi): CassandraApi {
  return chosen().cassandra?.(api) ?? api;
}

export function plantInJobClock(clock: Clock): Clock {
  return chosen().jobClock?.(clock) ?? clock;
}

export function plantInHarness<T>(place: string, port: T): T {
  return chosen().harness?.(place, port) ?? port;
}

/**
 * Under the condition a bug must be named: a run that silently plants nothing would prove nothing.
 */
function chosen(): Bug {
  const name = process.env["FLEETPROOF_PLANTED_BUG"];
  if (name === none) return {};
  const bug = Object.entries(bugs).find(([known]) => known === name)?.[1];
  if (bug === undefined) {
    throw new Error(
      `FLEETPROOF_PLANTED_BUG is ${name ?? "not set"}; there are ${Object.keys(bugs).join(", ")}.`,
    );
  }
  return bug;
}
