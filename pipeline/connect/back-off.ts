/** How long to wait before trying again: doubling from the interval, up to a limit, with jitter. */
import type { RetryPolicy } from "./config.ts";

/** A store that is back is noticed within half a minute, unless the interval itself is longer. */
const longestMs = 30_000;

/** `attempt` counts from 0; `random` gives [0, 1). Between half and the whole of the doubled interval. */
export function backOffMs(
  { intervalMs }: RetryPolicy,
  attempt: number,
  random: () => number,
): number {
  const whole = Math.min(intervalMs * 2 ** Math.min(attempt, 30), Math.max(longestMs, intervalMs));
  return whole * (0.5 + random() / 2);
}
