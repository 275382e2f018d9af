/**
 * The only door to the machine's time for the pipeline (the simulator has its own: the pipeline ships alone).
 * Everything else takes a `Clock`, so that tests and the simulation decide what time it is.
 */
export type Clock = {
  /** Wall time, epoch milliseconds with fraction. May be stepped by the operating system. */
  readonly now: () => number;
  /** Milliseconds with fraction from an arbitrary origin; never goes back. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  monotonicMs: () => performance.now(),
  sleep,
};

/** A clock whose wall time plays `scale` times faster: `start` (epoch ms) at the inner clock's `origin`. */
export type ClockScale = {
  readonly origin: number;
  readonly start: number;
  readonly scale: number;
};

/** Only `now` is scaled; monotonic time and sleeping stay the inner clock's: they wait for real servers. */
export function scaledClock(inner: Clock, { origin, start, scale }: ClockScale): Clock {
  return { ...inner, now: () => start + (inner.now() - origin) * scale };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
