/**
 * Planted bug B07: a document's id is topic, partition and offset of its record. The same window at
 * another offset, a later revision or the same one published again, is another document.
 * Ancestors: confluentinc/kafka-connect-elasticsearch with `key.ignore=true`, see its #51, #142 and
 * #599.
 */
import type { Sink } from "../../../pipeline/sinks/sink.ts";

export function offsetAsId(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  return {
    ...sink,
    write: (batch, signal) =>
      sink.write(
        batch.map((write) => {
          const { topic, partition, offset } = write.record;
          return { ...write, id: [topic, partition, offset] };
        }),
        signal,
      ),
  };
}
