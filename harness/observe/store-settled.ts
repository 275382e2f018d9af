/** Waits until a store stands still: two scans in a row that saw exactly the same. */
import type { Clock } from "../../simulator/clock.ts";
import type { StoreScan } from "./store-scan.ts";

export type Settling = {
  /** The last scan, whether or not the store stood still. */
  readonly scan: StoreScan;
  readonly settled: boolean;
  readonly scans: number;
};

/**
 * `previous`: a scan at hand that may count as the first of the two. Gives up `withinMs` after the
 * start, yet never before two scans: `settled` is then false, and the caller judges what that
 * means.
 */
export async function untilSettled(options: {
  readonly scan: () => Promise<StoreScan>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly pauseMs: number;
  readonly withinMs: number;
  readonly previous?: StoreScan;
}): Promise<Settling> {
  const { scan, clock, signal, pauseMs, withinMs } = options;
  const giveUpAt = clock.monotonicMs() + withinMs;
  let scans = 0;
  let before = options.previous;
  for (;;) {
    signal.throwIfAborted();
    const now = await scan();
    scans++;
    if (before !== undefined && before.digest === now.digest) {
      return { scan: now, settled: true, scans };
    }
    if (before !== undefined && clock.monotonicMs() >= giveUpAt) {
      return { scan: now, settled: false, scans };
    }
    before = now;
    await clock.sleep(pauseMs, signal);
  }
}
