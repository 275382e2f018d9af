/**
 * Ctrl-C and SIGTERM, alike. First: `drain` is aborted: the load stops, what was sent is drained and judged, the
 * result says "interrupted". Second: `atOnce` is aborted: everything is ended and the command exits.
 */
export type Interrupts = {
  readonly drain: AbortSignal;
  readonly atOnce: AbortSignal;
  readonly stopListening: () => void;
};

export function listenForInterrupts(say: (sentence: string) => void): Interrupts {
  const drain = new AbortController();
  const atOnce = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!drain.signal.aborted) {
      say("Interrupted: stopping the load, then draining and judging. Once more ends at once.");
      drain.abort(new InterruptedError(signal));
      return;
    }
    atOnce.abort(new InterruptedError(signal));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    drain: drain.signal,
    atOnce: atOnce.signal,
    stopListening() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

export class InterruptedError extends Error {
  readonly code = "interrupted";

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.name = "InterruptedError";
  }
}
