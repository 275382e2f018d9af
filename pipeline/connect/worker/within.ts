/** Work that may take so long and no longer, by the clock that is given. */
import type { Clock } from "../../clock.ts";

/**
 * The work's own outcome. When the time is over its signal is aborted and this rejects with `late`,
 * whether or not the work listens: what becomes of it then is nobody's business any more.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: Error = new Error(`it took longer than ${ms / 1_000} s`),
): Promise<T> {
  const control = new AbortController();
  const over = new AbortController();
  const working = work(control.signal);
  working.catch(() => {}); // told by the race, or too late for anyone
  const timeUp = clock.sleep(ms, over.signal).then(() => {
    control.abort(late);
    throw late;
  });
  timeUp.catch(() => {}); // ended by `over` when the work was in time
  try {
    return await Promise.race([working, timeUp]);
  } finally {
    over.abort(new Error("done"));
  }
}
