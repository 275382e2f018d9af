/**
 * One direction of a proxied connection: what came in goes out in order, each piece not before its time. What waits is
 * bounded: a source that is ahead of its sink stands still, as at a full network.
 */
import type { Socket } from "node:net";
import type { Clock } from "../../../simulator/clock.ts";

/** As much as Linux lets one connection have under way (tcp_wmem). */
const waitingMost = 4 * 1024 * 1024;

type Item = {
  readonly dueMs: number;
  readonly bytes: Buffer | undefined;
  /** After the bytes are with the kernel. */
  readonly then: (() => void) | undefined;
};

export type Flow = {
  /** `dueMs`: monotonic; nothing overtakes what was pushed before. */
  readonly push: (bytes: Buffer, dueMs: number, then?: () => void) => void;
  /** Half-closes the sink behind what waits. */
  readonly end: (dueMs: number) => void;
};

/**
 * `write` puts bytes into the sink, and resolves when there is room for more. `signal`: the connection is over.
 * `broken` is called when the sink takes no more.
 */
export function createFlow(options: {
  readonly source: Socket;
  readonly sink: Socket;
  readonly write: (bytes: Buffer) => Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly broken: () => void;
}): Flow {
  const { source, sink, write, clock, signal, broken } = options;
  const queue: Item[] = [];
  let waiting = 0;
  let lastDueMs = Number.NEGATIVE_INFINITY;
  let working = false;

  function add(bytes: Buffer | undefined, dueMs: number, then: (() => void) | undefined): void {
    lastDueMs = Math.max(lastDueMs, dueMs);
    queue.push({ dueMs: lastDueMs, bytes, then });
    waiting += bytes?.length ?? 0;
    if (waiting >= waitingMost) source.pause();
    if (!working) void work();
  }

  async function work(): Promise<void> {
    working = true;
    try {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        const waitMs = item.dueMs - clock.monotonicMs();
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        signal.throwIfAborted();
        if (item.bytes !== undefined) await write(item.bytes);
        item.then?.();
        waiting -= item.bytes?.length ?? 0;
        if (waiting < waitingMost && source.isPaused()) source.resume();
      }
    } catch {
      broken(); // Whoever was waiting for these bytes sees it in his connection.
    } finally {
      working = false;
    }
  }

  return {
    push: add,
    end: (dueMs) => add(undefined, dueMs, () => void sink.end()),
  };
}
