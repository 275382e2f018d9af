/**
 * Creates the topics of a run. All have one partition number (a device's readings, aggregates and checkpoints
 * share one), and `LogAppendTime`: event time lives in the payload only, or a fleet that plays January would
 * have Kafka delete its own data by retention.
 */
import { Admin } from "@platformatic/kafka";
import type { RunNames } from "../../pipeline/contract/names.ts";

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

export async function createRunTopics(options: {
  readonly bootstrap: string;
  readonly names: RunNames;
  readonly partitions: number;
}): Promise<void> {
  const { topics } = options.names;
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [options.bootstrap] });
  try {
    for (const [topic, config] of [
      [topics.raw, deleted],
      [topics.aggregated, deleted],
      [topics.rejected, rejected],
      [topics.checkpoints, checkpoints],
    ] as const) {
      await admin.createTopics({
        topics: [topic],
        partitions: options.partitions,
        replicas: 1,
        configs: Object.entries(config).map(([name, value]) => ({ name, value })),
      });
    }
  } finally {
    await admin.close();
  }
}
