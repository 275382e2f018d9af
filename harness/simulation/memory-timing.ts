/** Deadlines and news on a given clock: the broker's own timers, and waiting for whatever comes first. */
import type { Clock } from "../../pipeline/clock.ts";
import type { VirtualClock } from "./memory-clock.ts";

export type Timers = {
  /** Runs `action` after `ms` unless cancelled; returns the cancellation. An error in it is nobody's to catch. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly close: () => void;
};

/** A virtual clock has timers of its own; on another one they are sleeps. */
export function createTimers(clock: Clock & Partial<Pick<VirtualClock, "after">>): Timers {
  const running = new Set<() => void>();
  const begin = clock.after ?? sleepThen(clock);

  function after(ms: number, action: () => void): () => void {
    const stop = begin(ms, () => {
      // A cancellation in the same moment may come after the sleeper was woken: it still counts.
      if (running.delete(cancel)) action();
    });
    const cancel = (): void => {
      if (running.delete(cancel)) stop();
    };
    running.add(cancel);
    return cancel;
  }

  function close(): void {
    for (const cancel of running) cancel();
  }

  return { after, close };
}

function sleepThen(clock: Clock): Timers["after"] {
  return (ms, action) => {
    const stop = new AbortController();
    void clock.sleep(ms, stop.signal).then(action, () => {}); // rejects only when cancelled
    return () => stop.abort(cancelled);
  };
}

const cancelled = new Error("the timer was cancelled");

export type News = {
  /** Wakes everyone who waits. */
  readonly tell: () => void;
  /** Resolves at the next news or after `ms`; rejects with the reason of the signal that is aborted first. */
  readonly wait: (ms: number, signals: readonly AbortSignal[]) => Promise<void>;
};

export function createNews(timers: Timers): News {
  let waiting = new Set<() => void>();

  function tell(): void {
    const told = waiting;
    waiting = new Set();
    for (const wake of told) wake();
  }

  function wait(ms: number, signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const isOver = (signal: AbortSignal): boolean => signal.aborted;
      const onAbort = (): void => {
        end();
        reject(signals.find(isOver)?.reason);
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const cancel = timers.after(ms, wake);
      const end = (): void => {
        waiting.delete(wake);
        cancel();
        for (const signal of signals) signal.removeEventListener("abort", onAbort);
      };
      waiting.add(wake);
      for (const signal of signals) signal.addEventListener("abort", onAbort);
      if (signals.some(isOver)) onAbort();
    });
  }

  return { tell, wait };
}
