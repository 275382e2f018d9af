/**
 * The only door to the machine's time for simulator and harness (pipeline/ has its own, because it ships alone).
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

/**
 * Calls `tick` every `ms`, or as soon after as the event loop comes to it. Holds no process open: for what is looked at
 * while others keep it alive. Returns what ends it.
 */
export function tickUnheld(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms).unref();
  return () => clearInterval(timer);
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
