/**
 * A thundering herd: what is due is held back for a while, as by devices without a network, and then leaves at once, as
 * fast as the broker takes it. The sends are late on purpose, and the lag says so.
 */
import type { Clock } from "./clock.ts";

/** Of one worker. */
export type HerdOutcome = {
  readonly heldMs: number;
  /** Records that left when they were let go, up to the moment when nothing was overdue any more. */
  readonly sends: number;
  readonly tookMs: number;
};

export type Herd = {
  readonly hold: (forMs: number) => void;
  /** Whether nothing may leave now. `sends`: records that have left so far. */
  readonly isHeld: (sends: number) => boolean;
  /** Nothing is overdue. */
  readonly poured: (sends: number) => void;
};

/** `tell` hears once of each herd, when it has caught up. */
export function createHerd(clock: Clock, tell: (outcome: HerdOutcome) => void): Herd {
  let heldFromMs: number | undefined;
  let heldToMs = 0;
  let free: { readonly fromMs: number; readonly sends: number } | undefined;
  return {
    hold(forMs) {
      const now = clock.monotonicMs();
      heldFromMs ??= now;
      heldToMs = Math.max(heldToMs, now + forMs);
      free = undefined;
    },
    isHeld(sends) {
      if (heldFromMs === undefined || free !== undefined) return false;
      const now = clock.monotonicMs();
      if (now < heldToMs) return true;
      free = { fromMs: now, sends };
      return false;
    },
    poured(sends) {
      if (heldFromMs === undefined || free === undefined) return;
      const tookMs = clock.monotonicMs() - free.fromMs;
      tell({ heldMs: free.fromMs - heldFromMs, sends: sends - free.sends, tookMs });
      heldFromMs = undefined;
      free = undefined;
    },
  };
}
