/** Planted bug: one write to Cassandra is reported as stored and never sent. Elasticsearch has it. */
import { type Sink, stored } from "../../pipeline/sinks/sink.ts";

/** Which of the job's writes; early enough for every run, late enough to lie within the measured load. */
const skipped = 1_000;

export function skipOneWrite(sink: Sink, store: string): Sink {
  if (store !== "cassandra") return sink;
  let written = 0;
  return {
    ...sink,
    async write(batch, signal) {
      const victim = skipped - 1 - written;
      written += batch.length;
      if (victim < 0 || victim >= batch.length) return sink.write(batch, signal);
      const results = await sink.write(batch.toSpliced(victim, 1), signal);
      return results.toSpliced(victim, 0, stored);
    },
  };
}
