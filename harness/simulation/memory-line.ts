/**
 * The line between one client and the broker. It can be held, as when a process is stopped by SIGSTOP and
 * misses its heartbeats, and it can be closed, as when the process dies: the broker is told nothing.
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";

export type MemoryLine = {
  /**
   * A request: neither it nor its answer passes while the line is held. Errors: the work's own; `KafkaError`
   * of code `closed`, not definite when only the answer was lost; the signal's reason when it aborts.
   */
  readonly call: <T>(
    work: (signal: AbortSignal) => T | Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
  readonly hold: () => void;
  readonly release: () => void;
  readonly close: () => void;
  /** Aborted when the line is closed. */
  readonly closed: AbortSignal;
};

export function createMemoryLine(clientId: string): MemoryLine {
  const ended = new AbortController();
  let held: PromiseWithResolvers<void> | undefined;

  async function pass(definite: boolean, signal: AbortSignal): Promise<void> {
    while (held !== undefined) await held.promise;
    if (ended.signal.aborted) {
      throw new KafkaError("closed", `the client ${clientId} is closed`, { definite });
    }
    signal.throwIfAborted();
  }

  async function call<T>(
    work: (signal: AbortSignal) => T | Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const over = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
    await pass(true, over);
    const answer = await untilAborted(Promise.resolve(work(over)), over);
    await pass(false, over);
    return answer;
  }

  function release(): void {
    held?.resolve();
    held = undefined;
  }

  function close(): void {
    release();
    ended.abort(new KafkaError("closed", `the client ${clientId} is closed`, { definite: false }));
  }

  return {
    call,
    hold: () => {
      held ??= Promise.withResolvers<void>();
    },
    release,
    close,
    closed: ended.signal,
  };
}

/** `work`, or a rejection with the signal's reason; the broker goes on with the request all the same. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
