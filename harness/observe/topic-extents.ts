/**
 * What a topic still holds, asked before it is read again: from which offset, up to which. A topic that is gone is an
 * answer, not an error; a reader would ask for it for ever.
 */
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { brokerCodes } from "../../pipeline/kafka/wire/error-codes.ts";
import { listOffsets } from "../../pipeline/kafka/wire/fetch.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "../../simulator/clock.ts";
import { StoreReadError } from "./store-error.ts";

/** By partition. */
export type TopicExtent = {
  /** First offset that the log holds. */
  readonly starts: readonly number[];
  /** The next offset to be written. */
  readonly ends: readonly number[];
};

type ExtentOptions = {
  readonly bootstrap: string;
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly clock: Clock;
};

/**
 * In the order of `topics`; undefined: no such topic, or fewer partitions than asked for. Errors: `StoreReadError`
 * when Kafka does not answer.
 */
export async function readTopicExtents(
  options: ExtentOptions,
): Promise<readonly (TopicExtent | undefined)[]> {
  try {
    return await askExtents(options);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const why = `Kafka could not be asked for the topics of the run: ${error.message}`;
    throw new StoreReadError("unreachable", why, error);
  }
}

async function askExtents(options: ExtentOptions): Promise<readonly (TopicExtent | undefined)[]> {
  const { bootstrap, topics, clock } = options;
  const all = Array.from({ length: options.partitions }, (_, partition) => partition);
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-verify", clock });
  const extentOf = async (topic: string): Promise<TopicExtent | undefined> => {
    try {
      const { partitions } = await broker.topic(topic);
      if (partitions < all.length) return undefined;
      const starts = await listOffsets(broker, topic, all, "start", "read_uncommitted");
      const ends = await listOffsets(broker, topic, all, "end", "read_uncommitted");
      return { starts: [...starts.values()], ends: [...ends.values()] };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  };
  try {
    return await Promise.all(topics.map(extentOf));
  } finally {
    await broker.close();
  }
}

/** Whether Kafka said that there is no such topic. */
export function isGone(error: unknown): boolean {
  return error instanceof WireError && error.brokerCode === brokerCodes.unknownTopicOrPartition;
}
