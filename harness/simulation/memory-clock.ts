/**
 * Virtual time: it stands still until a test or the simulation moves it, and then jumps from sleeper to
 * sleeper, by due time and, at the same time, in the order in which they fell asleep, or in one that is drawn.
 */
import type { Clock } from "../../pipeline/clock.ts";

export type VirtualClock = Clock & {
  /** Does `action` after `ms`, unless the returned function is called before; cheaper than a sleep with a signal. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** Lets everything run that can run without time passing. */
  readonly settle: () => Promise<void>;
  /** Settles, then wakes the next sleeper at its own time. False when nobody sleeps. */
  readonly step: () => Promise<boolean>;
  /** Moves time by `ms`, waking on the way everyone who is due, each one settled before the next. */
  readonly advance: (ms: number) => Promise<void>;
  /**
   * Steps until nobody sleeps. Errors: `VirtualTimeError` when someone still does after `limitMs`
   * (a heartbeat sleeps for ever).
   */
  readonly runUntilIdle: (limitMs: number) => Promise<void>;
  /** Steps until `work` settles. Errors: its own, or `VirtualTimeError` when stuck or past `limitMs`. */
  readonly runUntil: <T>(work: Promise<T>, limitMs: number) => Promise<T>;
};

/** `stuck`: nothing sleeps and nothing happens. `past-limit`: it went on for longer than allowed. */
class VirtualTimeError extends Error {
  readonly code: "stuck" | "past-limit";

  constructor(code: "stuck" | "past-limit", message: string) {
    super(message);
    this.name = "VirtualTimeError";
    this.code = code;
  }
}

/**
 * In a long run code that yields by an immediate goes on at every so-manieth step only: that is as sure to be the same
 * each time, and a turn of the event loop costs more than all else in a step.
 */
const stepsInTurn = 32;

type Sleeper = { readonly dueMs: number; readonly rank: number; readonly wake: () => void };

/**
 * `startMs`: wall time (epoch milliseconds) at which the virtual world begins; monotonic time begins at 0.
 * `rankOf` draws the rank of a sleeper among those who are due at the same time; equal ranks keep their order.
 */
export function createVirtualClock(startMs: number, rankOf: () => number = () => 0): VirtualClock {
  const sleepers: Sleeper[] = []; // ascending by due time and rank; among equals in order of insertion
  let elapsedMs = 0;

  function after(ms: number, wake: () => void): () => void {
    const sleeper = { dueMs: elapsedMs + Math.max(0, ms), rank: rankOf(), wake };
    sleepers.splice(placeOf(sleepers, sleeper), 0, sleeper);
    return () => {
      const place = sleepers.indexOf(sleeper);
      if (place >= 0) sleepers.splice(place, 1);
    };
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        after(ms, resolve);
        return;
      }
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        cancel();
        reject(signal.reason);
      };
      const cancel = after(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  function wakeNext(limitMs: number): boolean {
    const next = sleepers[0];
    if (next === undefined || next.dueMs > limitMs) return false;
    sleepers.shift();
    elapsedMs = next.dueMs;
    next.wake();
    return true;
  }

  async function step(): Promise<boolean> {
    await settle();
    return wakeNext(Number.POSITIVE_INFINITY);
  }

  async function advance(ms: number): Promise<void> {
    const targetMs = elapsedMs + ms;
    do await settle();
    while (wakeNext(targetMs));
    elapsedMs = targetMs;
  }

  async function runUntilIdle(limitMs: number): Promise<void> {
    const targetMs = elapsedMs + limitMs;
    do await settle();
    while (wakeNext(targetMs));
    if (sleepers.length > 0) throw pastLimit(limitMs);
  }

  async function runUntil<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const targetMs = elapsedMs + limitMs;
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    work.then(mark, mark); // only watched: the rejection goes to the caller by the return below
    for (let step = 1; ; step++) {
      await (step % stepsInTurn === 0 ? settle() : tick());
      if (settled) return work;
      if (wakeNext(targetMs)) continue;
      await settle();
      if (settled || wakeNext(targetMs)) continue;
      if (sleepers.length > 0) throw pastLimit(limitMs);
      throw new VirtualTimeError("stuck", "Nothing sleeps, yet the work has not ended.");
    }
  }

  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep,
    after,
    settle,
    step,
    advance,
    runUntilIdle,
    runUntil,
  };
}

/**
 * Everything that can run has run. A resolved promise would not tell: it takes its place among the microtasks already
 * waiting, so a chain of several awaits would still be under way when time moves, and the order of events would hang on
 * the length of the chains. A tick comes after all microtasks; the immediate behind it lets code that itself yields by
 * an immediate go on, and costs a system call.
 */
async function settle(): Promise<void> {
  await tick();
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function tick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** The place behind everyone who is due no later, and of no higher rank. O(log n). */
function placeOf(sleepers: readonly Sleeper[], { dueMs, rank }: Sleeper): number {
  let low = 0;
  let high = sleepers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sleepers[middle] as Sleeper;
    if (other.dueMs < dueMs || (other.dueMs === dueMs && other.rank <= rank)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pastLimit(limitMs: number): VirtualTimeError {
  return new VirtualTimeError("past-limit", `Still running after ${limitMs} ms of virtual time.`);
}
