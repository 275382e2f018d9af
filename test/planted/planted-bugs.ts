/**
 * The bugs that the proof must find, chosen by FLEETPROOF_PLANTED_BUG. Each wraps a port of the unchanged pipeline;
 * none is in the shipped package. Reached by the import `#planted` under `node --conditions=planted`.
 */
import type { Kafka } from "../../pipeline/kafka/port.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";
import { dropOneInAMillion } from "./drop-one-in-a-million.ts";
import { foldOneTwice } from "./fold-one-twice.ts";
import { skipOneWrite } from "./skip-one-write.ts";

const bugs = {
  /** Reads every reading but each millionth. */
  "drop-one-in-a-million": { kafka: dropOneInAMillion },
  /** One window holds one of its readings twice and misses another: its count stays right. */
  "fold-one-twice": { kafka: foldOneTwice },
  /** One aggregate reaches Elasticsearch and is reported as stored to Cassandra, which it never reaches. */
  "skip-one-write": { sink: skipOneWrite },
} as const satisfies Record<
  string,
  { kafka?: (kafka: Kafka) => Kafka; sink?: (sink: Sink, store: string) => Sink }
>;

type Bug = { kafka?: (kafka: Kafka) => Kafka; sink?: (sink: Sink, store: string) => Sink };

export function plantInKafka(kafka: Kafka): Kafka {
  return chosen().kafka?.(kafka) ?? kafka;
}

export function plantInSink(sink: Sink, store: string): Sink {
  return chosen().sink?.(sink, store) ?? sink;
}

/** Under the condition a bug must be named: a run that silently plants nothing would prove nothing. */
function chosen(): Bug {
  const name = process.env["FLEETPROOF_PLANTED_BUG"];
  const bug = Object.entries(bugs).find(([known]) => known === name)?.[1];
  if (bug === undefined) {
    throw new Error(
      `FLEETPROOF_PLANTED_BUG is ${name ?? "not set"}; there are ${Object.keys(bugs).join(", ")}.`,
    );
  }
  return bug;
}
