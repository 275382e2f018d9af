/** Deadlines and news on a given clock: the broker's own timers, and waiting for whatever comes first. */
import type { Clock } from "../../pipeline/clock.ts";

export type Timers = {
  /** Runs `action` after `ms` unless cancelled; returns the cancellation. An error in it is nobody's to catch. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly close: () => void;
};

export function createTimers(clock: Clock): Timers {
  const running = new Set<AbortController>();

  function after(ms: number, action: () => void): () => void {
    const stop = new AbortController();
    running.add(stop);
    const cancel = (): void => {
      running.delete(stop);
      stop.abort();
    };
    const fire = (): void => {
      // A cancellation in the same moment may come after the sleeper was woken: it still counts.
      if (!running.delete(stop)) return;
      action();
    };
    void clock.sleep(ms, stop.signal).then(fire, () => {}); // rejects only when cancelled
    return cancel;
  }

  function close(): void {
    for (const stop of running) stop.abort();
    running.clear();
  }

  return { after, close };
}

export type News = {
  /** Wakes everyone who waits. */
  readonly tell: () => void;
  /** Resolves at the next news or after `ms`; rejects with the signal's reason when aborted first. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

export function createNews(clock: Clock): News {
  let waiting = new Set<() => void>();

  function tell(): void {
    const told = waiting;
    waiting = new Set();
    for (const wake of told) wake();
  }

  async function wait(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    let wake = (): void => {};
    const told = new Promise<void>((resolve) => {
      wake = resolve;
      waiting.add(wake);
    });
    try {
      await Promise.race([told, clock.sleep(ms, AbortSignal.any([signal, over.signal]))]);
    } finally {
      waiting.delete(wake);
      over.abort();
    }
  }

  return { tell, wait };
}
