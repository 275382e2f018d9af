/**
 * Planted bug B06: a document's version is the offset of its record, so that what comes at a lower
 * offset of another log, or of the same one made anew, is refused as old.
 * Ancestors: confluentinc/kafka-connect-elasticsearch #142, #499.
 */
import type { Sink } from "../../../pipeline/sinks/sink.ts";

export function offsetAsVersion(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  return {
    ...sink,
    write: (batch, signal) =>
      sink.write(
        batch.map((write) => ({ ...write, version: write.record.offset })),
        signal,
      ),
  };
}
