/** The whole aggregator job over a filled raw topic, once, as a group of its own. */
import { randomBytes } from "node:crypto";
import { type AggregatorOptions, runAggregator } from "../../pipeline/aggregator/loop.ts";
import type { Progress } from "../../pipeline/aggregator/progress.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { sendBatch } from "../pipeline/aggregator/send-batch.ts";
import { benchConfig } from "./bench-config.ts";
import { placed } from "./one-core.ts";
import type { OwnKafka } from "./own-kafka.ts";
import { type RawFleet, rawStretches } from "./raw-stretches.ts";
import type { Round } from "./rounds.ts";
import { say } from "./say.ts";
import { withTopics } from "./with-topics.ts";

const clientId = "bench-aggregate";

/** Makes and fills a raw topic, hands its name and number of records over, deletes it. */
export async function withRawTopic(
  bootstrap: string,
  fleet: Omit<RawFleet, "partition">,
  act: (topic: string, records: number) => Promise<void>,
): Promise<void> {
  const topic = `bench-${randomBytes(4).toString("hex")}`;
  await withTopics(bootstrap, [topic], fleet.partitions, async () => {
    await fill(bootstrap, topic, fleet);
    await act(topic, fleet.devices * fleet.readingsPerDevice);
  });
}

/**
 * Runs the job until all `records` are committed, and measures from its first fetch to its last
 * commit. Each partition is checkpointed at once and again within the round: a backlog makes it
 * once in 1.5 million readings of a partition. `onOutput` is called with the name of the topic of
 * aggregates, which goes with the round.
 */
export async function aggregateTopic(
  { bootstrap, pid, cpuSeconds }: OwnKafka,
  raw: string,
  partitions: number,
  records: number,
  onOutput?: (topic: string) => Promise<void>,
): Promise<Round> {
  const config = {
    ...benchConfig(raw, `${raw}-${randomBytes(4).toString("hex")}`),
    checkpointEvery: 4_000,
  };
  const { aggregated, rejected, checkpoints } = config.topics;
  const own = [aggregated, rejected, checkpoints];
  return await withTopics(bootstrap, own, partitions, async () => {
    const kafka = await connectKafka({ bootstrap, clientId, clock });
    try {
      const act = () => runUntil(records, { kafka, config, cpuSeconds });
      const round = await placed({ job: process.pid, broker: pid }, "one", act);
      await onOutput?.(aggregated);
      return round;
    } finally {
      await kafka.close();
    }
  });
}

async function runUntil(
  records: number,
  job: Pick<AggregatorOptions, "kafka" | "config"> & Pick<OwnKafka, "cpuSeconds">,
): Promise<Round> {
  const { kafka, config, cpuSeconds } = job;
  const ending = new AbortController();
  const quiet = (): void => undefined;
  let stop: ((progress: Progress) => Round) | undefined;
  let result: Round | undefined;
  await runAggregator({
    kafka,
    config,
    clock,
    log: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
    slot: 0,
    signal: ending.signal,
    onReady: () => {
      stop = startMeasuring(records, cpuSeconds);
    },
    onProgress: (progress) => {
      if (progress.folded !== records) return;
      result = stop?.(progress);
      ending.abort(new Error("all is folded"));
    },
  });
  if (result === undefined) throw new Error("the job ended before all was folded");
  return result;
}

function startMeasuring(records: number, cpuSeconds: () => number): (progress: Progress) => Round {
  const broker = cpuSeconds();
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  return ({ commits, checkpoints, emitted }) => {
    const seconds = (clock.monotonicMs() - from) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const brokerCpu = ((cpuSeconds() - broker) * 1e6) / records;
    say(`${commits} transactions, ${checkpoints} checkpoints, ${emitted} aggregates`);
    if (checkpoints === 0) throw new Error("no checkpoint was written: too few readings");
    return { perSecond: records / seconds, clientCpu: (user + system) / records, brokerCpu };
  };
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
