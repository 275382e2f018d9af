/**
 * Tells the cluster what this worker does. Only the newest word on each key is sent: while Kafka is
 * away the words to be sent do not pile up, and afterwards the cluster hears what is true by then.
 */
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";

export type StatusPublisher = {
  /** null takes the key away. Never waits; sent in the order in which keys were first said. */
  readonly say: (key: string, value: object | null) => void;
  /** Sends what is waiting, for a few seconds at most, and ends. */
  readonly close: () => Promise<void>;
};

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** On the way out: nobody needs our last words so much that the process should hang. */
const lastWordsMs = 3_000;

export function createStatusPublisher(options: {
  readonly put: (key: string, value: object | null) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}): StatusPublisher {
  const { put, clock, log } = options;
  const waiting = new Map<string, object | null>();
  const over = new AbortController();
  let sending: Promise<void> | undefined;

  async function sendAll(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let next = first(waiting); next !== undefined && !over.signal.aborted; ) {
      const [key, value] = next;
      waiting.delete(key);
      try {
        await put(key, value);
        pauseMs = firstPauseMs;
      } catch (error) {
        // A newer word on the same key has taken its place meanwhile, perhaps.
        if (!waiting.has(key)) waiting.set(key, value);
        const cause = error instanceof Error ? error.message : String(error);
        log.warn({ key, cause, pauseMs }, "status could not be published, trying again");
        await clock.sleep(pauseMs, over.signal).catch(() => {}); // woken early only by the end
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      }
      next = first(waiting);
    }
  }

  function kick(): void {
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
  }

  return {
    say: (key, value) => {
      if (over.signal.aborted) return;
      waiting.set(key, value);
      kick();
    },
    close: async () => {
      const late = new AbortController();
      const timeUp = clock.sleep(lastWordsMs, late.signal).catch(() => {}); // sent before that
      await Promise.race([sending, timeUp]);
      over.abort(new Error("the worker is closed"));
      late.abort(new Error("sent"));
      if (waiting.size > 0) log.warn({ keys: waiting.size }, "status was not published any more");
    },
  };
}

function first<K, V>(map: Map<K, V>): readonly [K, V] | undefined {
  return map.entries().next().value;
}
