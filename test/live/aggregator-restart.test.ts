/** The aggregator on a real broker: killed in mid-transaction and restarted, its output equals that of a quiet run. */
import { randomBytes } from "node:crypto";
import { Admin } from "@platformatic/kafka";
import { expect, test } from "vitest";
import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";
import { runAggregator } from "../../pipeline/aggregator/loop.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import type { AggregatorPoint } from "../../pipeline/crash-points.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { initProducer } from "../../pipeline/kafka/wire/produce.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import {
  createWorld,
  type Logged,
  partitions,
  smallFleet,
} from "../pipeline/aggregator/aggregator-world.ts";
import { committedContent } from "../pipeline/aggregator/committed-content.ts";
import { configOf, smallWindows } from "../pipeline/aggregator/folded.ts";
import { draftOf } from "../pipeline/aggregator/raw-records.ts";
import { sendBatch } from "../pipeline/aggregator/send-batch.ts";
import { liveStack } from "./live-stack.ts";

const fleet = smallFleet();
const all = Array.from({ length: partitions }, (_, index) => index);
const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

type World = {
  readonly bootstrap: string;
  readonly config: AggregatorConfig;
  readonly observer: Kafka;
};

test("killed at every kind of boundary and restarted, it commits what an undisturbed run does", () =>
  inNewTopics(async (world) => {
    const feeding = feed(world);
    feeding.catch(quiet); // awaited below, perhaps after it has failed
    const points: AggregatorPoint[] = [
      "before-commit",
      "after-offsets",
      "after-outputs",
      "after-checkpoint",
    ];
    for (const point of [...points, "after-commit" as const]) await killedAt(world, point);
    await feeding;
    const survivor = await start(world, 0);
    await drained(world);
    await survivor.stop();
  }));

test("two instances that hand partitions over commit what one does", () =>
  inNewTopics(async (world) => {
    const feeding = feed(world);
    feeding.catch(quiet); // awaited below, perhaps after it has failed
    const first = await start(world, 0);
    await first.ready;
    const second = await start(world, 1);
    await second.ready;
    await first.stop();
    const third = await start(world, 0);
    await feeding;
    await drained(world);
    await Promise.all([second.stop(), third.stop()]);
  }));

/** Lets `act` aggregate the fleet, then compares what lies in the topics with an undisturbed run in memory. */
async function inNewTopics(act: (world: World) => Promise<void>): Promise<void> {
  const { bootstrap } = liveStack().kafka;
  const config = configNamed(`aggregator-test-${randomBytes(4).toString("hex")}`);
  const { raw, aggregated, rejected } = config.topics;
  await using _topics = await createTopics(bootstrap, config);
  const observer = await connectKafka({ bootstrap, clientId: "observer", clock });
  try {
    await act({ bootstrap, config, observer });
    const expected = await undisturbed();
    const found = await committedContent(observer.log, clock, aggregated, all);
    expect(found).toEqual(expected.aggregated);
    const refused = await committedContent(observer.log, clock, rejected, all);
    expect(refused.map((each) => each.map((text) => text.replace(raw, "raw")))).toEqual(
      expected.rejected,
    );
  } finally {
    await observer.close();
  }
}

function configNamed(name: string): AggregatorConfig {
  return {
    ...configOf(smallWindows),
    group: name,
    topics: {
      raw: `${name}.raw`,
      aggregated: `${name}.aggregated`,
      rejected: `${name}.rejected`,
      checkpoints: `${name}.checkpoints`,
    },
    commitEvery: 100,
    checkpointEvery: 300,
  };
}

async function createTopics(bootstrap: string, config: AggregatorConfig): Promise<AsyncDisposable> {
  const admin = new Admin({ clientId: config.group, bootstrapBrokers: [bootstrap] });
  const { raw, aggregated, rejected, checkpoints } = config.topics;
  const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
  const plain = { topics: [raw, aggregated, rejected], partitions, replicas: 1, configs };
  await admin.createTopics(plain);
  const compacted = [...configs, { name: "cleanup.policy", value: "compact" }];
  await admin.createTopics({ ...plain, topics: [checkpoints], configs: compacted });
  return {
    [Symbol.asyncDispose]: async () => {
      await admin.deleteTopics({ topics: Object.values(config.topics) });
      await admin.close();
    },
  };
}

/** The fleet's batches one after the other, slowly enough for a few dozen transactions. */
async function feed({ bootstrap, config }: World): Promise<void> {
  const topic = config.topics.raw;
  const broker = await connectBroker({ bootstrap, clientId: "fleet", clock });
  try {
    const producer = await initProducer(broker);
    const sequences = new Map<number, number>();
    for (const { partition, records } of fleet) {
      const baseSequence = sequences.get(partition) ?? 0;
      sequences.set(partition, baseSequence + records.length);
      const stamp = { ...producer, baseSequence, transactional: false, timestamp: clock.now() };
      const bytes = stampBatch(draftOf(records), stamp);
      await sendBatch(broker, topic, partition, bytes);
      await clock.sleep(40);
    }
  } finally {
    await broker.close();
  }
}

/** Runs until the process dies at the second passing of `point`. */
async function killedAt({ bootstrap, config }: World, point: AggregatorPoint): Promise<void> {
  const kafka = await connectKafka({ bootstrap, clientId: config.group, clock });
  let passed = 0;
  const crashPoint = (name: AggregatorPoint): void => {
    if (name === point && ++passed === 2) throw new Error("killed");
  };
  const { signal } = new AbortController();
  const running = runAggregator({ kafka, config, clock, log, slot: 0, signal, crashPoint });
  await expect(running).rejects.toThrow("killed");
  await kafka.close();
}

type Running = { readonly ready: Promise<void>; readonly stop: () => Promise<void> };

async function start({ bootstrap, config }: World, slot: number): Promise<Running> {
  const kafka = await connectKafka({ bootstrap, clientId: `${config.group}-${slot}`, clock });
  const ending = new AbortController();
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const { signal } = ending;
  const done = runAggregator({ kafka, config, clock, log, slot, signal, onReady });
  return {
    ready: Promise.race([ready, done]),
    stop: async () => {
      ending.abort(new Error("SIGTERM"));
      await done;
      await kafka.close();
    },
  };
}

/** Resolves when the group has committed everything that lies in the raw topic. */
async function drained({ config, observer }: World): Promise<void> {
  const { raw } = config.topics;
  const { signal } = new AbortController();
  const ends = await observer.log.endOffsets(raw, all, "read_uncommitted");
  const deadline = clock.monotonicMs() + 60_000;
  for (;;) {
    const committed = await observer.groups.committed(config.group, raw, all, signal);
    if (all.every((partition) => committed.get(partition)?.offset === ends.get(partition))) return;
    if (clock.monotonicMs() > deadline) throw new Error("the raw topic was not drained in 60 s");
    await clock.sleep(50);
  }
}

/** The same readings on Kafka in memory, without any fault. */
async function undisturbed(): Promise<{ aggregated: string[][]; rejected: string[][] }> {
  const world = createWorld();
  const instance = world.start(0);
  const batches: readonly Logged[] = fleet;
  await world.run(world.feed(batches, 40));
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  const { topics } = world.config;
  const aggregated = await world.run(world.content(topics.aggregated));
  const rejected = await world.run(world.content(topics.rejected));
  world.close();
  return { aggregated, rejected };
}
