/** Keeps one fetch of the raw topic under way while the answer before it is folded. One at a time: bounded. */
import type { FetchedPartition, Log } from "../kafka/port.ts";
import { lastOffsetOf } from "../kafka/wire/batch-reader.ts";

export type FetchAhead = {
  /** The next stretch of every partition that has news; perhaps nothing. The fetch after it is begun at once. */
  readonly next: () => Promise<readonly FetchedPartition[]>;
  /** Ends the fetch under way and waits for its end. */
  readonly stop: () => Promise<void>;
};

export type FetchAheadOptions = {
  readonly log: Log;
  readonly topic: string;
  /** Next offset wanted, by partition. */
  readonly positions: ReadonlyMap<number, number>;
  /** How long an answer may wait for more data; not longer than commits are apart. */
  readonly maxWaitMs: number;
  readonly signal: AbortSignal;
};

/** Small enough to fold within a fraction of a second, large enough that requests cost nothing. */
const bytesPerPartition = 1 << 20;
const bytesPerFetch = 8 << 20;
/** Waiting for that much spares the broker tiny answers; the waiting time is bounded anyway. */
const minBytes = 256 * 1024;

/**
 * Turns of the microtask queue after which a request has left for sure: it takes half a dozen to find
 * topic, leader and connection. Whoever gets the answer folds it without a pause, and a request that
 * had not left by then would leave after the fold: a fifth of the time nobody did anything.
 */
const turnsToLeave = 20;

export function startFetchAhead(options: FetchAheadOptions): FetchAhead {
  const { log, topic, maxWaitMs } = options;
  let positions = new Map(options.positions);
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);

  const begin = (): Promise<readonly FetchedPartition[]> => {
    const request = {
      topic,
      positions,
      isolation: "read_committed",
      maxWaitMs,
      minBytes,
      maxBytes: bytesPerFetch,
      maxBytesPerPartition: bytesPerPartition,
    } as const;
    const answer = log.fetch(request, signal);
    // It may fail while nobody waits for it yet; whoever does then is told.
    answer.catch(() => undefined);
    return answer;
  };

  let pending = begin();
  return {
    next: async () => {
      const answer = await pending;
      positions = advance(positions, answer);
      pending = begin();
      for (let turn = 0; turn < turnsToLeave; turn++) await undefined;
      return answer;
    },
    stop: async () => {
      stopped.abort(new Error("fetching ends"));
      await pending.catch(() => undefined);
    },
  };
}

/**
 * Partitions that answered go to the end of the request: brokers fill an answer in its order, so that none
 * starves when all together exceed its limit.
 */
function advance(
  positions: ReadonlyMap<number, number>,
  answer: readonly FetchedPartition[],
): Map<number, number> {
  const advanced = new Map(positions);
  for (const { partition, batches } of answer) {
    const last = lastOffsetOf(batches);
    if (last < 0) continue;
    advanced.delete(partition);
    advanced.set(partition, Math.max(last + 1, positions.get(partition) ?? 0));
  }
  return advanced;
}
