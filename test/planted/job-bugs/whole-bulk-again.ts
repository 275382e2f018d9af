/**
 * Planted bug B04: when some items of a bulk are refused, all of it is sent again, with new ids:
 * those that were stored are there twice.
 * Ancestors: fluent/fluent-bit #6342 and #4630, uken/fluent-plugin-elasticsearch #405 (the whole
 * chunk is retried; the ids, unless the user makes some, are Elasticsearch's).
 */
import {
  retriable,
  type Sink,
  type SinkWrite,
  type WriteResult,
} from "../../../pipeline/sinks/sink.ts";

const again = retriable(new Error("items of the bulk were refused"), { overloaded: true });

export function wholeBulkAgain(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  /** How often a write was sent before; what is written again is the same object. */
  const attempts = new WeakMap<SinkWrite, number>();

  function withNewId(write: SinkWrite): SinkWrite {
    const attempt = attempts.get(write) ?? 0;
    attempts.set(write, attempt + 1);
    return attempt === 0 ? write : { ...write, id: [...write.id, attempt] };
  }

  return {
    ...sink,
    async write(batch, signal): Promise<readonly WriteResult[]> {
      const results = await sink.write(batch.map(withNewId), signal);
      const isRefused = results.some(({ kind }) => kind === "retriable");
      return isRefused ? results.map(() => again) : results;
    },
  };
}
