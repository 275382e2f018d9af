/**
 * Planted bug H01, of the harness: its readers take for the end of a topic what was the end while
 * it still grew, and are content when they come to it.
 * Ancestors: apache/kafka #6070 (a verifying consumer that stopped when it had heard nothing for a
 * while, instead of at the last acknowledged offset), apache/kafka #8440 (an end offset that an
 * open transaction hid).
 */
import type { TopicReader } from "../../../harness/observe/topic-reader.ts";

/** Read by then: some seconds of the load, long before its end. */
const recordsBefore = 20_000;

export function staleEndOffset(reader: TopicReader): TopicReader {
  const told = Promise.withResolvers<void>();
  let asked = false;
  return {
    ...reader,
    async run(signal) {
      await reader.run(signal);
      await Promise.race([told.promise, untilAborted(signal)]);
    },
    async finish() {
      told.resolve();
      if (!asked) await reader.finish();
      asked = true;
    },
    nextOffsets() {
      const offsets = reader.nextOffsets();
      const isDue = offsets.reduce((sum, offset) => sum + offset, 0) > recordsBefore;
      if (isDue && !asked) {
        asked = true;
        reader.finish().catch(() => told.resolve());
      }
      return offsets;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
