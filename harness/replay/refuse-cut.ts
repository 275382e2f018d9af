/** A replay of a topic whose beginning is gone: told, and not made. */
import { ReplayError } from "./replay-error.ts";
import { cutOffsets, type ReplayedLog } from "./replayed-log.ts";

/** `what`: what cannot be done with the rest. Errors: `ReplayError`, which leaves the run undecided. */
export function refuseCut(log: ReplayedLog, topic: string, what: string): void {
  const cut = cutOffsets(log);
  if (cut === 0) return;
  const message = `retention has cut ${cut} offsets off the beginning of ${topic}: ${what}`;
  throw new ReplayError("refused", message);
}
