/**
 * Planted bug B22: a window's count is kept by increments, as in a Cassandra counter, and an
 * increment that timed out is sent again. It may have been applied: then it counts twice. The
 * counter stands in this file; what it says is written as the row's count: of two with one
 * timestamp Cassandra keeps the larger.
 * Ancestors: elasticinbox/elasticinbox-java #20 ("counters can be easily double counted during
 * request retries"), apache/cassandra-python-driver #369.
 */
import {
  documentOf,
  type Sink,
  type SinkWrite,
  type WriteResult,
} from "../../../pipeline/sinks/sink.ts";

type Counter = {
  /** Of the last revision that was added. */
  added: number;
  /** What the store's counter would say. */
  count: number;
};

export function counterRetried(sink: Sink, store: string): Sink {
  if (store !== "cassandra") return sink;
  const counters = new Map<string, Counter>();
  /** Increments that had no answer, by write: what is written again is the same object. */
  const unanswered = new WeakMap<SinkWrite, number>();

  function increment(write: SinkWrite): SinkWrite {
    const document = documentOf(write);
    const revision = Number(document["count"]);
    const key = JSON.stringify(write.id);
    const counter = counters.get(key) ?? { added: 0, count: 0 };
    counters.set(key, counter);
    const by = unanswered.get(write) ?? Math.max(0, revision - counter.added);
    unanswered.set(write, by);
    counter.added = Math.max(counter.added, revision);
    counter.count += by;
    const counted = { ...document, count: counter.count };
    return { ...write, document: counted, json: undefined };
  }

  function settle(write: SinkWrite, result: WriteResult): void {
    if (result.kind !== "retriable") unanswered.delete(write);
    else if (result.definite) {
      const counter = counters.get(JSON.stringify(write.id));
      if (counter !== undefined) counter.count -= unanswered.get(write) ?? 0;
    }
  }

  return {
    ...sink,
    async write(batch, signal) {
      const results = await sink.write(batch.map(increment), signal);
      batch.forEach((write, at) => {
        settle(write, results[at]!);
      });
      return results;
    },
  };
}
