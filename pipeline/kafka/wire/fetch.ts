/**
 * Fetches raw record batches: the bytes of each partition as the broker stores them, nothing decoded. Hot path.
 * Source: Kafka protocol guide, Fetch (version 12, the newest that names topics) and ListOffsets (version 8).
 * Non-goals: hiding aborted transactions; that is the reader's filter.
 */
import { createAPI, fetchV12, listOffsetsV8, type Reader } from "@platformatic/kafka";
import { wholeBatchesEnd } from "./batch-reader.ts";
import type { Broker } from "./broker.ts";
import { brokerCodeName, brokerCodes, leaderMoved } from "./error-codes.ts";
import { WireError } from "./wire-error.ts";

export type RawFetchRequest = {
  readonly topic: string;
  /** Next offset wanted, by partition. */
  readonly positions: ReadonlyMap<number, number>;
  readonly isolation: "read_committed" | "read_uncommitted";
  /** Below the link's request time-out. */
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
};

export type RawFetched = {
  readonly topic: string;
  readonly partition: number;
  /** The broker's; with another than 0 the rest means nothing. */
  readonly errorCode: number;
  /** Whole record batches (v2); the first may begin before the offset asked for. No cut batch at the end. */
  readonly batches: Buffer;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Transactions that were aborted in this stretch, unsorted; empty for read_uncommitted. */
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
};

/**
 * One long poll of each leader concerned, on the links of `purpose`: two polls at the same time need two
 * purposes. Partitions without news are answered too, with no bytes. With several leaders the slowest
 * decides, which is at most `maxWaitMs`. A partition that has no leader is answered `leaderNotAvailable`.
 * Errors: those of `Link` and `Broker#topic`, the signal's reason; `refused` when the whole request was.
 */
export async function fetchRaw(
  broker: Broker,
  request: RawFetchRequest,
  signal?: AbortSignal,
  purpose = "fetch",
): Promise<readonly RawFetched[]> {
  const { topic, positions } = request;
  const { leaders } = await broker.topic(topic);
  const byLeader = Map.groupBy(positions, ([partition]) => leaders[partition] ?? -1);
  const polls = [...byLeader].map(async ([leader, led]) => {
    if (leader < 0) return led.map(([partition]) => leaderless(topic, partition));
    return broker.link(leader, purpose).call(fetchApi, fetchArguments(request, led), signal);
  });
  try {
    const fetched = (await Promise.all(polls)).flat();
    if (fetched.some(({ errorCode }) => leaderMoved(errorCode))) broker.forget(topic);
    return fetched;
  } catch (error) {
    broker.forget(topic);
    throw error;
  }
}

/**
 * Log start offsets, or ends, in the order of `partitions`: high watermarks, or last stable offsets for `read_committed`.
 * Errors: those of `Link` and `Broker#topic`; `refused` with the broker's code.
 */
export async function listOffsets(
  broker: Broker,
  topic: string,
  partitions: readonly number[],
  which: "start" | "end",
  isolation: "read_committed" | "read_uncommitted",
): Promise<Map<number, number>> {
  const { leaders } = await broker.topic(topic);
  const timestamp = which === "start" ? -2n : -1n;
  const offsets = new Map<number, number>();
  for (const [leader, led] of Map.groupBy(partitions, (partition) => leaders[partition] ?? -1)) {
    const asked = led.map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: -1,
      timestamp,
    }));
    const level = isolation === "read_committed" ? 1 : 0;
    const link = broker.link(leader, "offsets");
    const answer = await link.call(listOffsetsV8.api, [
      -1,
      level,
      [{ name: topic, partitions: asked }],
    ]);
    for (const found of answer.topics.flatMap((each) => each.partitions)) {
      if (found.errorCode !== brokerCodes.none) {
        if (leaderMoved(found.errorCode)) broker.forget(topic);
        const what = `offsets of ${topic}-${found.partitionIndex}: ${brokerCodeName(found.errorCode)}`;
        throw new WireError("refused", what, { brokerCode: found.errorCode });
      }
      offsets.set(found.partitionIndex, Number(found.offset));
    }
  }
  // In the order asked for.
  return new Map(partitions.map((partition) => [partition, offsets.get(partition) ?? -1]));
}

type FetchArguments = Parameters<typeof fetchV12.createRequest>;

function fetchArguments(
  request: RawFetchRequest,
  positions: readonly [number, number][],
): FetchArguments {
  const partitions = positions.map(([partition, offset]) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(offset),
    lastFetchedEpoch: -1,
    partitionMaxBytes: request.maxBytesPerPartition,
  }));
  const isolation = request.isolation === "read_committed" ? 1 : 0;
  const { maxWaitMs, minBytes, maxBytes } = request;
  // Session 0 of epoch -1: no fetch session, every request stands for itself.
  const topics = [{ topicId: request.topic, partitions }];
  return [maxWaitMs, minBytes, maxBytes, isolation, 0, -1, topics, [], ""];
}

const fetchApi = createAPI<FetchArguments, readonly RawFetched[]>(
  1,
  12,
  fetchV12.createRequest,
  (_correlationId, _key, _version, reader) => {
    reader.readInt32(); // throttle time: the broker itself keeps us waiting
    const error = reader.readInt16();
    reader.readInt32(); // session id
    if (error !== brokerCodes.none) {
      throw new WireError("refused", `fetch: ${brokerCodeName(error)}`, { brokerCode: error });
    }
    return reader
      .readArray((topics) => {
        const topic = topics.readString();
        return topics.readArray((partitions) => readPartition(topic, partitions));
      })
      .flat();
  },
);

function readPartition(topic: string, reader: Reader): RawFetched {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  const lastStableOffset = Number(reader.readInt64());
  const logStartOffset = Number(reader.readInt64());
  const aborted = reader.readNullableArray((each) => ({
    producerId: Number(each.readInt64()),
    firstOffset: Number(each.readInt64()),
  }));
  reader.readInt32(); // preferred read replica
  // A compact byte string: its length + 1, 0 for null.
  const length = Math.max(reader.readUnsignedVarInt() - 1, 0);
  const start = reader.position;
  const bytes = reader.buffer.slice(start, start + length);
  reader.skip(length);
  return {
    topic,
    partition,
    errorCode,
    batches: bytes.subarray(0, wholeBatchesEnd(bytes)),
    highWatermark,
    lastStableOffset,
    logStartOffset,
    aborted: aborted ?? [],
  };
}

function leaderless(topic: string, partition: number): RawFetched {
  return {
    topic,
    partition,
    errorCode: brokerCodes.leaderNotAvailable,
    batches: Buffer.alloc(0),
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    aborted: [],
  };
}
