/** Whether a planted bug can be had here: the published package has none. */
import {
  plantInCassandra,
  plantInElasticsearch,
  plantInJobClock,
  plantInKafka,
  plantInSink,
} from "#planted";
import type { Clock } from "../../pipeline/clock.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { CassandraApi } from "../../pipeline/sinks/cassandra/api.ts";
import type { ElasticsearchApi } from "../../pipeline/sinks/elasticsearch/api.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";

/** Nothing is ever asked of these: a bug that is there wraps them, or refuses its name. */
const kafka = {} as Kafka;
const sink = {} as Sink;
const elasticsearch = {} as ElasticsearchApi;
const cassandra = {} as CassandraApi;
const clock = {} as Clock;

/** Why `bug` cannot be planted, in one sentence; undefined when it can. */
export function plantableFault(bug: string): string | undefined {
  const before = process.env["FLEETPROOF_PLANTED_BUG"];
  process.env["FLEETPROOF_PLANTED_BUG"] = bug;
  try {
    const isWrapped =
      plantInKafka(kafka) !== kafka ||
      plantInElasticsearch(elasticsearch) !== elasticsearch ||
      plantInCassandra(cassandra) !== cassandra ||
      plantInJobClock(clock) !== clock ||
      ["elasticsearch", "cassandra"].some((store) => plantInSink(sink, store) !== sink);
    return isWrapped ? undefined : notHere(bug);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (before === undefined) delete process.env["FLEETPROOF_PLANTED_BUG"];
    else process.env["FLEETPROOF_PLANTED_BUG"] = before;
  }
}

function notHere(bug: string): string {
  return (
    `The bug ${bug} cannot be planted here: planted bugs are in a checkout only, ` +
    "under NODE_OPTIONS=--conditions=planted, and those of the harness need a real run."
  );
}
