/** Reads a topic from its first record on, fetch by fetch, for who sends what it brings somewhere else. */
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "../../simulator/clock.ts";
import { StoreReadError } from "./store-error.ts";
import { createTopicReader } from "./topic-reader.ts";

/** Views into what was fetched, which nobody writes to again. Absent: null in the log. */
export type LoggedRecord = {
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
};

export type LogFollower = {
  /** Errors: `StoreReadError` when Kafka cannot be read; the signal's reason. */
  readonly step: (signal: AbortSignal) => Promise<void>;
  /** What the topic holds at this moment is its end. Errors: as `step`. */
  readonly finish: () => Promise<void>;
  readonly reachedEnd: () => boolean;
  readonly close: () => Promise<void>;
};

/** Errors: `StoreReadError` when Kafka does not answer. */
export async function followLog(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly clock: Clock;
  readonly visit: (partition: number, record: LoggedRecord) => void;
}): Promise<LogFollower> {
  const { bootstrap, topic, partitions, clock, visit } = options;
  const orTold = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (!(error instanceof WireError)) throw error;
      const why = `${topic} could not be read: ${error.message}`;
      throw new StoreReadError("unreachable", why, error);
    });
  const broker = await orTold(connectBroker({ bootstrap, clientId: "fleetproof-replay", clock }));
  const reader = createTopicReader({
    broker,
    topic,
    partitions,
    minBytes: 1,
    visit(partition, { bytes, keyStart, keyEnd, valueStart, valueEnd }) {
      const key = keyEnd < 0 ? undefined : bytes.subarray(keyStart, keyEnd);
      visit(partition, {
        key,
        value: valueEnd < 0 ? undefined : bytes.subarray(valueStart, valueEnd),
      });
    },
  });
  return {
    step: (signal) => orTold(reader.step(signal)),
    finish: () => orTold(reader.finish()),
    reachedEnd: reader.reachedEnd,
    close: () => broker.close(),
  };
}
