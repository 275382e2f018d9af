/** Waits for a condition, with a deadline and a sentence: never for a duration. */
import type { Clock } from "../../simulator/clock.ts";

export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "deadline";
}

/**
 * Asks every `everyMs` until the answer is true. Errors: `DeadlineError` with the `sentence` when it still is not after
 * `withinMs`; those of the condition; the signal's reason when aborted.
 */
export async function until(
  condition: () => Promise<boolean>,
  options: {
    readonly withinMs: number;
    readonly everyMs: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** Asked for at the deadline only. */
    readonly sentence: () => string;
  },
): Promise<void> {
  const { withinMs, everyMs, clock, signal, sentence } = options;
  const deadline = clock.monotonicMs() + withinMs;
  while (!(await condition())) {
    if (clock.monotonicMs() > deadline) throw new DeadlineError(sentence());
    await clock.sleep(everyMs, signal);
  }
}
