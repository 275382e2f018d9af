/** The whole aggregator job over a filled raw topic, once, as a group of its own. */
import { randomBytes } from "node:crypto";
import { Admin } from "@platformatic/kafka";
import { runAggregator } from "../../pipeline/aggregator/loop.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { sendBatch } from "../pipeline/aggregator/send-batch.ts";
import { benchConfig } from "./bench-config.ts";
import { type RawFleet, rawStretches } from "./raw-stretches.ts";

const clientId = "bench-aggregate";
const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];

/** Makes and fills a raw topic, hands its name and number of records over, deletes it. */
export async function withRawTopic(
  bootstrap: string,
  fleet: Omit<RawFleet, "partition">,
  act: (topic: string, records: number) => Promise<void>,
): Promise<void> {
  const topic = `bench-${randomBytes(4).toString("hex")}`;
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  const { partitions } = fleet;
  await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  try {
    await fill(bootstrap, topic, fleet);
    await act(topic, fleet.devices * fleet.readingsPerDevice);
  } finally {
    await admin.deleteTopics({ topics: [topic] });
    await admin.close();
  }
}

/** Runs the job until all `records` are committed; returns how many. */
export async function aggregateTopic(
  bootstrap: string,
  raw: string,
  records: number,
): Promise<number> {
  const config = benchConfig(raw, `${raw}-${randomBytes(4).toString("hex")}`);
  const { aggregated, rejected, checkpoints } = config.topics;
  const own = [aggregated, rejected, checkpoints];
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  const kafka = await connectKafka({ bootstrap, clientId, clock });
  const partitions = await kafka.log.partitionCount(raw);
  await admin.createTopics({ topics: own, partitions, replicas: 1, configs });
  const ending = new AbortController();
  const quiet = (): void => undefined;
  try {
    await runAggregator({
      kafka,
      config,
      clock,
      log: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
      slot: 0,
      signal: ending.signal,
      onProgress: ({ folded }) => {
        if (folded === records) ending.abort(new Error("all is folded"));
      },
    });
    return records;
  } finally {
    await kafka.close();
    await admin.deleteTopics({ topics: own });
    await admin.close();
  }
}

async function fill(
  bootstrap: string,
  topic: string,
  fleet: Omit<RawFleet, "partition">,
): Promise<void> {
  const broker = await connectBroker({ bootstrap, clientId, clock });
  try {
    for (let partition = 0; partition < fleet.partitions; partition++) {
      for (const { batches: bytes } of rawStretches({ ...fleet, partition })) {
        // A producer does not know offsets; the checksum does not cover this one.
        bytes.writeBigInt64BE(0n, 0);
        await sendBatch(broker, topic, partition, bytes);
      }
    }
  } finally {
    await broker.close();
  }
}
