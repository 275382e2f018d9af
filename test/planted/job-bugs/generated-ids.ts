/**
 * Planted bug B02: every write gets an id of its own, as when Elasticsearch is left to make one up.
 * What is written again after a crash or a lost answer is there twice.
 * Ancestors: elastic/elasticsearch #9125, logstash-plugins/logstash-output-elasticsearch #690,
 * fluent/fluent-bit #423.
 */
import { randomUUID } from "node:crypto";
import type { Sink } from "../../../pipeline/sinks/sink.ts";

export function generatedIds(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  return {
    ...sink,
    write: (batch, signal) =>
      sink.write(
        batch.map((write) => ({ ...write, id: [randomUUID()] })),
        signal,
      ),
  };
}
