/**
 * One world for the tests of workers: Kafka and Elasticsearch in memory, on virtual time; as many
 * workers as wanted.
 */
import {
  createVirtualClock,
  type VirtualClock,
} from "../../../../harness/simulation/memory-clock.ts";
import {
  createMemoryElasticsearch,
  type MemoryElasticsearch,
} from "../../../../harness/simulation/memory-elasticsearch.ts";
import {
  createMemoryKafka,
  type MemoryClient,
  type MemoryKafka,
} from "../../../../harness/simulation/memory-kafka.ts";
import type { JobConfig } from "../../../../pipeline/connect/config/job-config.ts";
import { type Herder, HerderError } from "../../../../pipeline/connect/worker/herder.ts";
import { createRecordWriter } from "../../../../pipeline/connect/worker/record-writer.ts";
import type { Seed } from "../../../../pipeline/connect/worker/seeds.ts";
import { createWorker, type Worker } from "../../../../pipeline/connect/worker/worker.ts";
import { encodeAggregate } from "../../../../pipeline/contract/aggregate.ts";
import { createBatchWriter } from "../../../../pipeline/kafka/wire/batch-writer.ts";
import { createElasticsearchSink } from "../../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import type { Sink } from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";

export const topic = "temps";
const limitMs = 120_000;

export type BenchWorker = {
  readonly worker: Worker;
  readonly herder: Herder;
  /** Settles when its seeds' tasks have partitions. */
  readonly started: Promise<void>;
  readonly client: MemoryClient;
};

export type WorkerBench = {
  readonly clock: VirtualClock;
  readonly kafka: MemoryKafka;
  readonly store: MemoryElasticsearch;
  readonly messages: string[];
  /** Lets time pass until the work settles. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
  /** Lets time pass until the condition holds. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  /** Begins a worker and does not wait for it. */
  readonly open: (options?: {
    readonly group?: string;
    readonly slot?: number;
    readonly seeds?: readonly Seed[];
    /** How far the jobs' clock is ahead of the machine's. */
    readonly aheadMs?: number;
  }) => BenchWorker;
  /** Publishes one aggregate a device into partition 0. */
  readonly publish: (devices: readonly string[]) => Promise<void>;
  /** Publishes a value that is no JSON. */
  readonly poison: () => Promise<void>;
  /** Writes whatever it is given to a topic of the cluster. */
  readonly scribble: (topic: string, key: string, value: object | null) => Promise<void>;
  /** Devices of everything stored, sorted. */
  readonly stored: () => readonly string[];
};

export function createWorkerBench(partitions = 4): WorkerBench {
  const clock = createVirtualClock(1_768_435_200_000);
  const kafka = createMemoryKafka({ clock, topics: { [topic]: partitions } });
  const store = createMemoryElasticsearch({ clock, latencyMs: 5 });
  const admin = kafka.connect("test");
  const writer = createRecordWriter(admin);
  const messages: string[] = [];
  const note = (fields: object, message: string): void => {
    messages.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const never = new AbortController().signal;

  const run: WorkerBench["run"] = (work) => clock.runUntil(work, limitMs);

  const sinks =
    (now: () => number) =>
    ({ store: settings, statements }: JobConfig): Sink => {
      if (settings.store !== "elasticsearch") throw new Error("an Elasticsearch job is needed");
      return createElasticsearchSink({ api: store.connect(), settings, statements, now });
    };

  async function send(values: readonly Uint8Array[]): Promise<void> {
    const producer = await run(admin.openProducer(never));
    const batch = createBatchWriter(4096);
    const key = Buffer.from("key");
    for (const value of values) batch.append(key, 0, key.length, value, 0, value.length);
    await run(producer.send(topic, 0, batch.take()));
  }

  return {
    clock,
    kafka,
    store,
    messages,
    run,
    until: async (what, holds) => {
      const deadline = clock.monotonicMs() + limitMs;
      while (!holds()) {
        if (clock.monotonicMs() > deadline) throw new Error(`Waited in vain until ${what}.`);
        await clock.advance(100);
      }
    },
    open: ({ group = "group", slot = 0, seeds = [], aheadMs = 0 } = {}) => {
      const now = (): number => clock.now() + aheadMs;
      const client = kafka.connect(`${group}-${slot}`);
      const worker = createWorker({
        kafka: client,
        clock: { ...clock, now },
        wallNow: clock.now,
        log,
        random: () => 0.5,
        cluster: "test",
        group,
        slot,
        context: { variables: {} },
        createSink: sinks(now),
      });
      const started = worker.start(seeds, undefined);
      started.catch(() => {}); // a test asks for it later, or does not care
      return { worker, herder: worker.herder, started, client };
    },
    publish: (devices) => send(devices.map((device) => encodeAggregate(aggregate(device, 0, 1)))),
    poison: () => send([Buffer.from("{ poison")]),
    scribble: async (to, key, value) => void (await run(writer.write(to, key, value))),
    stored: () =>
      [...store.indices.values()]
        .flatMap((documents) => [...documents.keys()])
        .map((id) => id.split("_")[0]!)
        .sort(),
  };
}

/** A job's config as REST takes it: stores `temps` under the job's own index. */
export function config(
  index: string,
  changes: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    "connector.class": "fleetproof.ElasticsearchSink",
    topics: topic,
    "connect.elastic.kcql":
      `INSERT INTO ${index} SELECT * FROM ${topic} AUTOCREATE PK device.id, window.start ` +
      "WITHINDEXSUFFIX=`-{yyyy.MM.dd}`",
    "connect.elastic.pk.separator": "_",
    "connect.elastic.retry.interval": "100",
    ...changes,
  };
}

export function seed(name: string, properties: Record<string, string>, hash = "first"): Seed {
  return { name, properties: { ...properties, name }, hash };
}

/** Code and message of what a herder refused. */
export async function refusal(work: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HerderError) return [error.code, error.message];
    throw error;
  }
  return ["none", ""];
}
