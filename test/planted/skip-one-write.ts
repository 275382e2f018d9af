/**
 * Planted bug: one aggregate is reported as stored to Cassandra and never sent, and so are its
 * later revisions (one of them would repair the damage). Elasticsearch has it.
 */
import { type Sink, type SinkWrite, stored } from "../../pipeline/sinks/sink.ts";

/** Which of the job's writes; early enough for every run, late enough to lie within the load. */
const skipped = 300;

export function skipOneWrite(sink: Sink, store: string): Sink {
  if (store !== "cassandra") return sink;
  let written = 0;
  let victim: string | undefined;
  const isVictim = (write: SinkWrite): boolean => JSON.stringify(write.id) === victim;
  return {
    ...sink,
    async write(batch, signal) {
      const nth = batch[skipped - written];
      written += batch.length;
      if (victim === undefined && nth !== undefined) victim = JSON.stringify(nth.id);
      if (!batch.some(isVictim)) return sink.write(batch, signal);
      const rest = batch.filter((write) => !isVictim(write));
      const results = [...(await sink.write(rest, signal))];
      return batch.map((write) => (isVictim(write) ? stored : (results.shift() ?? stored)));
    },
  };
}
