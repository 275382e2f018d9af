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
   * A request: neither it nor its answer passes while the line is held. Errors: the work's own; `KafkaError` of code
   * `closed`, not definite when only the answer was lost; the signal's reason when it aborts.
   */
  readonly call: <T>(work: (asker: Asker) => T | Promise<T>, signal?: AbortSignal) => Promise<T>;
  readonly hold: () => void;
  readonly release: () => void;
  readonly close: () => void;
  /** Aborted when the line is closed. */
  readonly closed: AbortSignal;
};

/**
 * Who waits for an answer, until a signal aborts or the line is closed. One listener a request, whatever it waits for:
 * a composed signal costs more than the request.
 */
export type Asker = {
  /** Calls back when nobody waits any more, at once if so it is; one at a time. Returns the cancellation. */
  readonly whenGone: (act: (reason: unknown) => void) => () => void;
};

/** Without a courier a request is with the broker at once, and so is its answer with the client. */
export function createMemoryLine(clientId: string, courier: Courier = atOnce): MemoryLine {
  const ended = new AbortController();
  const asking = new Set<Asking>();
  let held: PromiseWithResolvers<void> | undefined;

  const isHeld = (): boolean => held !== undefined;

  async function whenReleased(): Promise<void> {
    while (held !== undefined) await held.promise;
  }

  function checkOpen(definite: boolean, signal: AbortSignal | undefined): void {
    if (ended.signal.aborted) {
      throw new KafkaError("closed", `the client ${clientId} is closed`, { definite });
    }
    signal?.throwIfAborted();
  }

  async function call<T>(work: (asker: Asker) => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    if (isHeld()) await whenReleased();
    checkOpen(true, signal);
    const answer = await untilGone(work, signal);
    if (isHeld()) await whenReleased();
    checkOpen(false, signal);
    return answer;
  }

  /** `work`, or a rejection with the reason why nobody waits; the broker goes on with the request all the same. */
  function untilGone<T>(work: (asker: Asker) => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const each = createAsking(reject);
      const onAbort = signal === undefined ? undefined : () => each.go(signal.reason);
      const end = (): void => {
        asking.delete(each);
        if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
      };
      asking.add(each);
      if (onAbort !== undefined) signal?.addEventListener("abort", onAbort);
      courier(async () => work(each)).then(
        (answer) => {
          end();
          resolve(answer);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  function release(): void {
    held?.resolve();
    held = undefined;
  }

  function close(): void {
    release();
    const reason = new KafkaError("closed", `the client ${clientId} is closed`, {
      definite: false,
    });
    ended.abort(reason);
    for (const { go } of asking) go(reason);
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

type Asking = Asker & { readonly go: (reason: unknown) => void };

function createAsking(reject: (reason: unknown) => void): Asking {
  let gone: { readonly reason: unknown } | undefined;
  let act: ((reason: unknown) => void) | undefined;
  return {
    go: (reason) => {
      gone = { reason };
      act?.(reason);
      reject(reason);
    },
    whenGone: (callBack) => {
      if (gone !== undefined) callBack(gone.reason);
      act = callBack;
      return () => {
        act = undefined;
      };
    },
  };
}
