/**
 * What `#planted` is in production: nothing. Under `node --conditions=planted` the same import opens
 * `test/planted/planted-bugs.ts`, which wraps these ports in a bug that the proof must find.
 */
import type { Kafka } from "./kafka/port.ts";
import type { Sink } from "./sinks/sink.ts";

export function plantInKafka(kafka: Kafka): Kafka {
  return kafka;
}

/** `store` as in the job's connector class. */
export function plantInSink(sink: Sink, _store: string): Sink {
  return sink;
}
