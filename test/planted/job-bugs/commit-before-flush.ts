/**
 * Planted bug B01: a batch counts as stored as soon as it is in a buffer, which is flushed a little
 * later. The offsets are committed meanwhile; a crash between the two loses what the buffer held.
 * Ancestors: Altinity/clickhouse-sink-connector #1299 (`preCommit` answers with offsets that a
 * background thread has yet to write), apache/iggy #3847, confluentinc/kafka-connect-hdfs #57.
 */
import { systemClock } from "../../../pipeline/clock.ts";
import { type Sink, type SinkWrite, stored } from "../../../pipeline/sinks/sink.ts";

/** Longer than a task goes without a commit, so that there is always something to lose. */
const lingerMs = 3_000;

export function commitBeforeFlush(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  const flushes = new Set<Promise<void>>();

  async function flushLater(batch: readonly SinkWrite[]): Promise<void> {
    await systemClock.sleep(lingerMs);
    await sink.write(batch, new AbortController().signal);
  }

  return {
    ...sink,
    async write(batch) {
      const flush = flushLater(batch).finally(() => flushes.delete(flush));
      flushes.add(flush);
      return batch.map(() => stored);
    },
    async close() {
      await Promise.all(flushes);
      await sink.close();
    },
  };
}
