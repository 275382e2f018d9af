/** How long to wait before trying again. */
import type { RetryPolicy } from "../config/job-config.ts";

/** A store that is back is noticed within half a minute, unless the interval itself is longer. */
const longestMs = 30_000;

/**
 * Doubling from the interval, up to a limit, with jitter: between half and the whole of the doubled
 * interval. `attempt` counts from 0; `random` gives [0, 1).
 */
export function backOffMs(
  { intervalMs }: Pick<RetryPolicy, "intervalMs">,
  attempt: number,
  random: () => number,
): number {
  const whole = Math.min(intervalMs * 2 ** Math.min(attempt, 30), Math.max(longestMs, intervalMs));
  return whole * (0.5 + random() / 2);
}

/**
 * Between two attempts at a batch: the interval as it was set; longer, and with jitter, only after
 * the store has said so many times in a row that it is overloaded.
 */
export function retryWaitMs(
  retry: Pick<RetryPolicy, "intervalMs">,
  overloads: number,
  random: () => number,
): number {
  if (overloads === 0) return retry.intervalMs;
  return Math.max(retry.intervalMs, backOffMs(retry, overloads, random));
}
