/**
 * Planted bug B24: a write that is refused is reported as refused for good, so that it becomes a
 * dead letter, and retried all the same: whoever works off the dead letters does it a second time.
 * Ancestor: Aiven-Open/opensearch-connector-for-apache-kafka #142, whose first version reported
 * each failed item before its retries were over.
 */
import { systemClock } from "../../../pipeline/clock.ts";
import { failed, type Sink, type SinkWrite, stored } from "../../../pipeline/sinks/sink.ts";

const retryMs = 500;
/** Ends it, should nothing else: some minutes. */
const attemptsMax = 240;

export function deadLetterAndStored(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  const closed = new AbortController();

  async function writeAgain(writes: readonly SinkWrite[]): Promise<void> {
    let left = writes;
    for (let attempt = 0; left.length > 0 && attempt < attemptsMax; attempt++) {
      await systemClock.sleep(retryMs, closed.signal);
      const results = await sink.write(left, closed.signal);
      left = left.filter((_, at) => results[at]!.kind === "retriable");
    }
  }

  return {
    ...sink,
    async write(batch, signal) {
      const results = await sink.write(batch, signal);
      const refused = batch.filter((_, at) => results[at]!.kind === "retriable");
      // Aborted by `close`: the last attempt is nobody's business then.
      if (refused.length > 0) writeAgain(refused).catch(() => stored);
      return results.map((result) => (result.kind === "retriable" ? failed(result.error) : result));
    },
    async close() {
      closed.abort();
      await sink.close();
    },
  };
}
