/** How long the job tries again when nothing goes through: with growing pauses, and not for ever. */
import type { Clock } from "../clock.ts";
import { AggregatorError } from "./aggregator-error.ts";

export type Patience = {
  /** Something was committed: all is well. */
  readonly succeeded: () => void;
  /** Waits before the next try, or until the signal is aborted. Errors: `AggregatorError` of code `gave-up`. */
  readonly failed: (error: unknown, signal: AbortSignal) => Promise<void>;
};

const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** A broker that restarts with a long log to recover takes minutes; after five somebody should look. */
const giveUpAfterMs = 300_000;

export function createPatience(clock: Clock): Patience {
  let pauseMs = firstPauseMs;
  let failingSince: number | undefined;
  return {
    succeeded: () => {
      pauseMs = firstPauseMs;
      failingSince = undefined;
    },
    failed: async (error, signal) => {
      const now = clock.monotonicMs();
      failingSince ??= now;
      if (now - failingSince > giveUpAfterMs) {
        const message = `nothing could be committed for ${giveUpAfterMs / 60_000} minutes`;
        throw new AggregatorError("gave-up", message, error);
      }
      try {
        await clock.sleep(pauseMs, signal);
      } catch (reason) {
        if (!signal.aborted) throw reason;
      }
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    },
  };
}
