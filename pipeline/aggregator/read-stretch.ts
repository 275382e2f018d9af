/** Reads one partition from one offset to another, once: for recovery, not for the loop. */
import type { Clock } from "../clock.ts";
import { type FetchedPartition, KafkaError, type Log } from "../kafka/port.ts";

export type Stretch = {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
};

/** Nothing new for so long, though the log has more: the broker is not well. */
const patienceMs = 30_000;

/**
 * Hands every fetched stretch to `take`, which returns the offset it wants next, until that is `until`.
 * Errors: those of `fetch`; `KafkaError` of code `unavailable` when no data comes though there must be some.
 */
export async function readStretch(
  log: Log,
  clock: Clock,
  stretch: Stretch,
  take: (fetched: FetchedPartition) => number,
  signal: AbortSignal,
): Promise<void> {
  const { topic, partition, until } = stretch;
  let position = stretch.from;
  let deadline = clock.monotonicMs() + patienceMs;
  while (position < until) {
    const answer = await log.fetch(
      {
        topic,
        positions: new Map([[partition, position]]),
        isolation: "read_committed",
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 8 << 20,
        maxBytesPerPartition: 8 << 20,
      },
      signal,
    );
    const before = position;
    for (const fetched of answer) position = take(fetched);
    const now = clock.monotonicMs();
    if (position > before) deadline = now + patienceMs;
    else if (now > deadline) throw stalled(stretch, position);
  }
}

function stalled({ topic, partition, until }: Stretch, position: number): KafkaError {
  return new KafkaError(
    "unavailable",
    `${topic}/${partition}: nothing came from offset ${position} for ${patienceMs} ms, though the log ` +
      `reaches ${until}`,
    { definite: true },
  );
}
