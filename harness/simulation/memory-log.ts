/** The client's side of reading: long polls, limits by bytes, offsets of the logs' ends. */
import type { Clock } from "../../pipeline/clock.ts";
import type { FetchedPartition, FetchRequest, Log } from "../../pipeline/kafka/port.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { Asker, MemoryLine } from "./memory-line.ts";

export function createMemoryLog(broker: MemoryBroker, line: MemoryLine, clock: Clock): Log {
  const { topics, news } = broker;

  /** As brokers do: answers early when there is enough, else with what there is when the time is over. */
  async function longPoll(
    request: FetchRequest,
    asker: Asker,
  ): Promise<readonly FetchedPartition[]> {
    const deadlineMs = clock.monotonicMs() + request.maxWaitMs;
    for (;;) {
      const fetched = readAll(request);
      const size = fetched.reduce((bytes, { batches }) => bytes + batches.length, 0);
      const leftMs = deadlineMs - clock.monotonicMs();
      if (size >= request.minBytes || leftMs <= 0) return fetched;
      await news.wait(leftMs, asker, () => hasMore(request));
    }
  }

  /** Whether a log reaches past where it is to be read: of a topic that has gone meanwhile, the reading will tell. */
  function hasMore({ topic, positions, isolation }: FetchRequest): boolean {
    const logs = topics.find(topic);
    for (const [partition, from] of positions) {
      if ((logs?.[partition]?.endOffset(isolation) ?? Number.POSITIVE_INFINITY) > from) return true;
    }
    return false;
  }

  /** In the order of the request; only the first partition with news may exceed the limits by one batch. */
  function readAll(request: FetchRequest): FetchedPartition[] {
    const { topic, positions, isolation, maxBytesPerPartition } = request;
    const fetched: FetchedPartition[] = [];
    let room = request.maxBytes;
    for (const [partition, from] of positions) {
      const maxBytes = Math.min(Math.max(room, 0), maxBytesPerPartition);
      const limits = { isolation, maxBytes, atLeastOne: fetched.length === 0 };
      const log = topics.partition(topic, partition);
      if (log.endOffset(isolation) === from) continue; // as most polls find it
      const answer = log.read(from, limits);
      if (answer.batches.length === 0) continue;
      fetched.push(answer);
      room -= answer.batches.length;
    }
    return fetched;
  }

  const offsets = (
    topic: string,
    partitions: readonly number[],
    offsetOf: (log: ReturnType<typeof topics.partition>) => number,
  ): Promise<ReadonlyMap<number, number>> =>
    line.call(
      () =>
        new Map(partitions.map((number) => [number, offsetOf(topics.partition(topic, number))])),
    );

  return {
    fetch: (request, signal) => line.call((asker) => longPoll(request, asker), signal),
    partitionCount: (topic) => line.call(() => topics.partitions(topic).length),
    startOffsets: (topic, partitions) => offsets(topic, partitions, (log) => log.startOffset()),
    endOffsets: (topic, partitions, isolation) =>
      offsets(topic, partitions, (log) => log.endOffset(isolation)),
    close: async () => {},
  };
}
