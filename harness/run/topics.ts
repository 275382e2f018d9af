/**
 * Creates the topics of a run. All have one partition number (a device's readings, aggregates and checkpoints
 * share one), and `LogAppendTime`: event time lives in the payload only, or a fleet that plays January would
 * have Kafka delete its own data by retention.
 */
import { Admin } from "@platformatic/kafka";
import type { RunNames } from "../../pipeline/contract/names.ts";
import type { Clock } from "../../simulator/clock.ts";
import { NotStartedError } from "./child.ts";
import { until } from "./until.ts";

type TopicConfig = Readonly<Record<string, string>>;

const always: TopicConfig = { "message.timestamp.type": "LogAppendTime" };

/** A refused record comes with headers beside its bytes: what fitted into the raw topic must fit here. */
const rejected: TopicConfig = {
  ...always,
  "cleanup.policy": "delete",
  "max.message.bytes": String(2 * 1024 * 1024),
};

/** Small segments, so that recovery reads little and the cleaner has something to clean. */
const checkpoints: TopicConfig = {
  ...always,
  "cleanup.policy": "compact",
  "segment.bytes": String(16 * 1024 * 1024),
  "max.message.bytes": String(2 * 1024 * 1024),
};

/** Never compacted: the key is the device, compaction would keep one window of it. */
const deleted: TopicConfig = { ...always, "cleanup.policy": "delete" };

const configs = {
  raw: deleted,
  aggregated: deleted,
  rejected,
  checkpoints,
} as const satisfies Record<keyof RunNames["topics"], TopicConfig>;

export async function createRunTopics(options: {
  readonly bootstrap: string;
  readonly names: Pick<RunNames, "topics">;
  /** Those of the names that are to be made; all, unless said. */
  readonly only?: readonly (keyof RunNames["topics"])[];
  readonly partitions: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { topics } = options.names;
  const wanted = options.only ?? (Object.keys(configs) as (keyof typeof configs)[]);
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [options.bootstrap] });
  try {
    for (const key of wanted) {
      await admin.createTopics({
        topics: [topics[key]],
        partitions: options.partitions,
        replicas: 1,
        configs: Object.entries(configs[key]).map(([name, value]) => ({ name, value })),
      });
    }
    for (const key of wanted) await untilServed(admin, topics[key], options);
  } catch (cause) {
    options.signal.throwIfAborted();
    const why = (cause as Error).message;
    throw new NotStartedError(`Kafka did not make the topics of the run: ${why}`, { cause });
  } finally {
    await admin.close();
  }
}

const servedWithinMs = 30_000;
const askEveryMs = 20;

/**
 * A broker says that a topic is created before it serves all of its partitions. Batches that arrive in between are
 * refused, and a later one under way may then be taken first: seen with the Java producer, which never recovered.
 */
async function untilServed(
  admin: Admin,
  topic: string,
  { partitions, clock, signal }: Parameters<typeof createRunTopics>[0],
): Promise<void> {
  const all = Array.from({ length: partitions }, (_, partitionIndex) => partitionIndex);
  const asked = all.map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  let why = "";
  const isServed = (): Promise<boolean> =>
    admin.listOffsets({ topics: [{ name: topic, partitions: asked }] }).then(
      () => true,
      (error: Error) => {
        why = error.message;
        return false;
      },
    );
  const seconds = servedWithinMs / 1000;
  await until(isServed, {
    withinMs: servedWithinMs,
    everyMs: askEveryMs,
    clock,
    signal,
    sentence: () => `Kafka does not serve the new topic ${topic} after ${seconds} s: ${why}`,
  });
}
