/**
 * How the work on an assignment ends: `ending` says to finish what is under way and begin nothing
 * more; `abandon`, that its outcome no longer matters: at once when the membership is lost,
 * otherwise when finishing takes too long.
 */
import type { Clock } from "../../clock.ts";
import { KafkaError } from "../../kafka/port.ts";

/** As Connect's `task.shutdown.graceful.timeout.ms`. */
const graceMs = 5_000;

export type Endings = Disposable & {
  readonly ending: AbortSignal;
  readonly abandon: AbortSignal;
  /** Ends the work from within. */
  readonly end: () => void;
  /** The partitions may have another owner already: nothing may be committed. */
  readonly isLost: () => boolean;
};

export function endings(stop: AbortSignal, revoked: AbortSignal, clock: Clock): Endings {
  const own = new AbortController();
  const abandon = new AbortController();
  const over = new AbortController();
  const ending = AbortSignal.any([stop, revoked, own.signal]);
  const isLost = (): boolean =>
    revoked.reason instanceof KafkaError && revoked.reason.code === "membership-lost";

  const onEnding = (): void => {
    const giveUp = (): void => abandon.abort(new Error("the batch under way took too long to end"));
    const stayed = (): void => {}; // the work was over in time
    clock.sleep(graceMs, over.signal).then(giveUp, stayed);
  };
  const onRevoked = (): void => {
    if (isLost()) abandon.abort(revoked.reason);
  };
  listen(ending, onEnding);
  listen(revoked, onRevoked);
  return {
    ending,
    abandon: abandon.signal,
    end: () => own.abort(new Error("the work on this assignment ended")),
    isLost,
    [Symbol.dispose]: () => {
      ending.removeEventListener("abort", onEnding);
      revoked.removeEventListener("abort", onRevoked);
      over.abort(new Error("the work on this assignment is over"));
    },
  };
}

function listen(signal: AbortSignal, onAbort: () => void): void {
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
}
