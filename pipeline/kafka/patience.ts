/** Asking again, within limits: waits that grow, a deadline, and the last refusal as the error. */
import type { Clock } from "../clock.ts";

export type Patience = {
  readonly clock: Clock;
  /** How long to go on asking. */
  readonly forMs: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** What one attempt came to: an answer, or a reason to ask again that is thrown when time is up. */
export type Attempt<Answer> = { readonly answer: Answer } | { readonly again: Error };

/** Errors: the last `again`, whatever `attempt` throws, the signal's reason. */
export async function ask<Answer>(
  patience: Patience,
  attempt: () => Promise<Attempt<Answer>>,
): Promise<Answer> {
  const { clock, signal } = patience;
  const deadline = clock.monotonicMs() + patience.forMs;
  let waitMs = patience.firstWaitMs;
  for (;;) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if ("answer" in outcome) return outcome.answer;
    if (clock.monotonicMs() + waitMs > deadline) throw outcome.again;
    await clock.sleep(waitMs, signal);
    waitMs = Math.min(2 * waitMs, patience.maxWaitMs);
  }
}
