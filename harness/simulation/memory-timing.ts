/** Deadlines and news on a given clock: the broker's own timers, and waiting for whatever comes first. */
import type { Clock } from "../../pipeline/clock.ts";
import type { VirtualClock } from "./memory-clock.ts";
import type { Asker } from "./memory-line.ts";

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
  /** Wakes everyone who waits for what is there now. */
  readonly tell: () => void;
  /**
   * Resolves at the next news with which `isThere`, or after `ms`; rejects with the asker's reason once nobody waits for
   * the answer. `isThere` may not throw.
   */
  readonly wait: (ms: number, asker: Asker, isThere: () => boolean) => Promise<void>;
};

export function createNews(timers: Timers): News {
  const waiting = new Map<() => void, () => boolean>();

  function tell(): void {
    for (const [wake, isThere] of [...waiting]) if (isThere()) wake();
  }

  function wait(ms: number, asker: Asker, isThere: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        waiting.delete(wake);
        stay();
        cancel();
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const cancel = timers.after(ms, wake);
      waiting.set(wake, isThere);
      let stay = (): void => undefined;
      stay = asker.whenGone((reason) => {
        end();
        reject(reason);
      });
    });
  }

  return { tell, wait };
}
