/**
 * Planted bug B23: an error policy that swallows every error: nothing is written again, nothing is
 * told, and no dead letter is sent although there is a topic for them.
 * Ancestors: adobe/experience-platform-streaming-connect #19 (offsets go on while nothing arrives),
 * lensesio/stream-reactor #131 (a NOOP that is something else than its name says).
 */
import { type Sink, stored } from "../../../pipeline/sinks/sink.ts";

export function errorsSwallowed(sink: Sink, store: string): Sink {
  if (store !== "elasticsearch") return sink;
  return {
    ...sink,
    async write(batch, signal) {
      await sink.write(batch, signal);
      return batch.map(() => stored);
    },
  };
}
