/**
 * The line between one client and the broker. It can be held, as when a process is stopped by SIGSTOP and
 * misses its heartbeats, and it can be closed, as when the process dies: the broker is told nothing.
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";

/**
 * Carries a request: it may take its time, refuse it (`work` is never called), lose the answer, or never come back.
 * What it throws is what the client gets.
 */
export type Courier = <T>(work: () => Promise<T>) => Promise<T>;

export type MemoryLine = {
  /**
   * A request: neither it nor its answer passes while the line is held. `until`: nobody waits for the answer any
   * more once one of them is aborted (not one composed signal: making it costs more than the request). Errors: the work's own; `KafkaError`
   * of code `closed`, not definite when only the answer was lost; the signal's reason when it aborts.
   */
  readonly call: <T>(
    work: (until: readonly AbortSignal[]) => T | Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
  readonly hold: () => void;
  readonly release: () => void;
  readonly close: () => void;
  /** Aborted when the line is closed. */
  readonly closed: AbortSignal;
};

/** Without a courier a request is with the broker at once, and so is its answer with the client. */
export function createMemoryLine(clientId: string, courier: Courier = atOnce): MemoryLine {
  const ended = new AbortController();
  let held: PromiseWithResolvers<void> | undefined;

  async function pass(definite: boolean, signal: AbortSignal | undefined): Promise<void> {
    while (held !== undefined) await held.promise;
    if (ended.signal.aborted) {
      throw new KafkaError("closed", `the client ${clientId} is closed`, { definite });
    }
    signal?.throwIfAborted();
  }

  async function call<T>(
    work: (until: readonly AbortSignal[]) => T | Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const until = signal === undefined ? [ended.signal] : [signal, ended.signal];
    await pass(true, signal);
    const answer = await untilAborted(
      courier(async () => work(until)),
      until,
    );
    await pass(false, signal);
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

const atOnce: Courier = (work) => work();

/** `work`, or a rejection with a signal's reason; the broker goes on with the request all the same. */
function untilAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signals.find((signal) => signal.aborted)?.reason);
    for (const signal of signals) signal.addEventListener("abort", onAbort);
    work.then(resolve, reject).finally(() => {
      for (const signal of signals) signal.removeEventListener("abort", onAbort);
    });
  });
}
