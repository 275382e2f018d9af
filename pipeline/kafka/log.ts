/**
 * The log of a real cluster, for reading. Reading twice does no harm: broken connections and moved leaders
 * are asked again here, for a while.
 */
import { fromWire, refusedBy } from "./kafka-error.ts";
import { type Attempt, ask } from "./patience.ts";
import { type FetchedPartition, type FetchRequest, KafkaError, type Log } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes, leaderMoved } from "./wire/error-codes.ts";
import { fetchRaw, listOffsets, type RawFetched } from "./wire/fetch.ts";

/** A broker that restarts is back within this time. */
const patienceMs = 60_000;

/** `broker` is this log's own: `close` closes it. */
export function openLog(broker: Broker): Log {
  const { clock } = broker;
  /** One connection a long poll: a poll must not wait behind another. */
  const freeLanes: string[] = [];
  let lanes = 0;

  function again<Answer>(attempt: () => Promise<Attempt<Answer>>, signal?: AbortSignal) {
    const patience = { clock, forMs: patienceMs, firstWaitMs: 20, maxWaitMs: 1_000, signal };
    return ask(patience, attempt);
  }

  async function fetch(
    request: FetchRequest,
    signal: AbortSignal,
  ): Promise<readonly FetchedPartition[]> {
    const what = `fetch of ${request.topic}`;
    const lane = freeLanes.pop() ?? `fetch ${lanes++}`;
    try {
      return await again(async () => {
        try {
          return judge(await fetchRaw(broker, request, signal, lane), what);
        } catch (error) {
          return retriable(fromWire(error, what));
        }
      }, signal);
    } finally {
      freeLanes.push(lane);
    }
  }

  function offsets(
    topic: string,
    partitions: readonly number[],
    which: "start" | "end",
    isolation: FetchRequest["isolation"],
  ): Promise<ReadonlyMap<number, number>> {
    return again(async () => {
      try {
        return { answer: await listOffsets(broker, topic, partitions, which, isolation) };
      } catch (error) {
        return retriable(fromWire(error, `offsets of ${topic}`));
      }
    });
  }

  return {
    fetch,
    partitionCount: (topic) =>
      again(async () => {
        try {
          return { answer: (await broker.topic(topic)).partitions };
        } catch (error) {
          return retriable(fromWire(error, `partitions of ${topic}`));
        }
      }),
    startOffsets: (topic, partitions) => offsets(topic, partitions, "start", "read_uncommitted"),
    endOffsets: (topic, partitions, isolation) => offsets(topic, partitions, "end", isolation),
    close: () => broker.close(),
  };
}

/** News of some partitions is not held back because others have moved; those come with the next fetch. */
function judge(fetched: readonly RawFetched[], what: string): Attempt<readonly FetchedPartition[]> {
  const failed = fetched.filter(({ errorCode }) => errorCode !== brokerCodes.none);
  for (const { errorCode, partition } of failed) {
    if (!leaderMoved(errorCode)) throw refusedBy(errorCode, `${what}-${partition}`);
  }
  const news = fetched.filter((each) => !failed.includes(each) && each.batches.length > 0);
  const [first] = failed;
  if (first === undefined || news.length > 0) return { answer: news };
  return { again: refusedBy(first.errorCode, `${what}-${first.partition}`) };
}

function retriable(error: unknown): { readonly again: KafkaError } {
  if (error instanceof KafkaError && error.code === "unavailable") return { again: error };
  throw error;
}
