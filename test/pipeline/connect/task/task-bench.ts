/**
 * One world for the tests of a task: Kafka and Elasticsearch in memory, on virtual time. Tasks run
 * in it as processes do: each on a client of its own, which a crash closes without a word to the
 * group.
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
import { validateJobConfig } from "../../../../pipeline/connect/config/config.ts";
import type { JobConfig } from "../../../../pipeline/connect/config/job-config.ts";
import { createPause, type Pause } from "../../../../pipeline/connect/task/pause-gate.ts";
import { runSinkTask } from "../../../../pipeline/connect/task/task.ts";
import { createTaskMeter, type TaskMeter } from "../../../../pipeline/connect/task/task-meter.ts";
import { type Aggregate, encodeAggregate } from "../../../../pipeline/contract/aggregate.ts";
import type { TaskPoint } from "../../../../pipeline/crash-points.ts";
import type { Kafka } from "../../../../pipeline/kafka/port.ts";
import {
  createBatchWriter,
  type RecordHeader,
} from "../../../../pipeline/kafka/wire/batch-writer.ts";
import { createElasticsearchSink } from "../../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import type { Sink } from "../../../../pipeline/sinks/sink.ts";
import { nobody } from "../../kafka/contract/contract-bench.ts";
import { type DeadLetter, readAll } from "./dead-letter-topic.ts";

export const topic = "run.temperatures.aggregated";
const group = "connect-job";
/** Where `deadLetterConfig` sends what is skipped. */
export const deadLetterTopic = "run.job.dead-letter";
const never = new AbortController().signal;

export type RunningTask = {
  /** Settles when the task ends. */
  readonly ended: Promise<void>;
  /** As SIGTERM. */
  readonly stop: () => void;
  readonly client: MemoryClient;
  readonly meter: TaskMeter;
  readonly pause: Pause;
};

/** A record's value alone, with a key that nobody reads; or the whole record. */
export type Published = Aggregate | string | null | Uint8Array | WholeRecord;

type WholeRecord = {
  readonly key: Uint8Array | null;
  readonly json: Aggregate | string | null;
  readonly headers?: readonly RecordHeader[];
};

export type TaskBench = {
  readonly clock: VirtualClock;
  readonly kafka: MemoryKafka;
  readonly store: MemoryElasticsearch;
  readonly messages: string[];
  /** Publishes values in one transaction, which is committed unless said otherwise. */
  readonly publish: (
    partition: number,
    values: readonly Published[],
    end?: "commit" | "abort",
  ) => Promise<void>;
  readonly start: (options?: {
    readonly slot?: number;
    readonly config?: JobConfig;
    readonly wrap?: (sink: Sink) => Sink;
    readonly crashAt?: TaskPoint;
    readonly wrapKafka?: (kafka: Kafka) => Kafka;
  }) => RunningTask;
  /** The group's committed offset of a partition; 0 if there is none. */
  readonly committed: (partition: number) => Promise<number>;
  readonly deadLetters: (topic?: string) => Promise<readonly DeadLetter[]>;
  /** Revision by `device@start` of everything stored. */
  readonly stored: () => Record<string, number>;
};

class Crash extends Error {
  readonly code = "crash";
}

export function createTaskBench(partitions = 2): TaskBench {
  const clock = createVirtualClock(1_768_435_200_000);
  const kafka = createMemoryKafka({ clock, topics: { [topic]: partitions } });
  const store = createMemoryElasticsearch({ clock, latencyMs: 5 });
  const messages: string[] = [];
  const admin = kafka.connect("test");
  const note = (fields: object, message: string): void => {
    messages.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  let producers = 0;

  return {
    clock,
    kafka,
    store,
    messages,
    publish: async (partition, values, end = "commit") => {
      const opened = admin.transactions.open(`test-${producers++}`, 60_000, never);
      const producer = await clock.runUntil(opened, 10_000);
      const writer = createBatchWriter(4096);
      const key = Buffer.from("key");
      for (const value of values) {
        const whole = isWhole(value) ? value : { key, json: value };
        const bytes = toBytes(whole.json);
        const headers = "headers" in whole ? whole.headers : [];
        const keyEnd = whole.key?.length ?? 0;
        writer.append(whole.key, 0, keyEnd, bytes, 0, bytes?.length ?? 0, headers);
      }
      const sent = producer.send(topic, partition, writer.take());
      await clock.runUntil(sent, 10_000);
      const finished = end === "commit" ? producer.commit(nobody, []) : producer.abort();
      await clock.runUntil(finished, 10_000);
    },
    start: ({
      slot = 0,
      config = jobConfig(),
      wrap = same<Sink>,
      wrapKafka = same<Kafka>,
      crashAt,
    } = {}) => {
      const client = kafka.connect(`task-${slot}`);
      const control = new AbortController();
      const { store: settings, statements } = config;
      if (settings.store !== "elasticsearch") throw new Error("an Elasticsearch job is needed");
      const sink = createElasticsearchSink({
        api: store.connect(),
        settings,
        statements,
        now: clock.now,
      });
      const meter = createTaskMeter();
      const pause = createPause();
      const crashPoint = async (point: TaskPoint): Promise<void> => {
        if (point !== crashAt) return;
        await client.close(); // as kill -9: no leave, no commit; the session runs out
        throw new Crash(point);
      };
      const ended = runSinkTask({
        kafka: wrapKafka(client),
        config,
        sink: wrap(sink),
        clock,
        log,
        random: () => 0.5,
        slot,
        signal: control.signal,
        crashPoint,
        meter,
        pause,
      });
      ended.catch(() => {}); // a test asks for it later, or does not care
      return { ended, stop: () => control.abort(new Error("stop")), client, meter, pause };
    },
    committed: async (partition) => {
      const asked = admin.groups.committed(group, topic, [partition], never);
      return (await clock.runUntil(asked, 10_000)).get(partition)?.offset ?? 0;
    },
    deadLetters: (from = deadLetterTopic) => clock.runUntil(readAll(admin, from), 10_000),
    stored: () => {
      const revisions: Record<string, number> = {};
      for (const documents of store.indices.values()) {
        for (const { source } of documents.values()) {
          const { device, window, revision } = source as unknown as Aggregate;
          revisions[`${device.id}@${window.start}`] = revision;
        }
      }
      return revisions;
    },
  };
}

/** The sample job's config, with other values for some keys. */
export function jobConfig(changes: Record<string, string | number> = {}): JobConfig {
  const validated = validateJobConfig(
    {
      name: "job",
      config: {
        "connector.class": "fleetproof.ElasticsearchSink",
        topics: topic,
        "connect.elastic.kcql":
          `INSERT INTO temps SELECT * FROM ${topic} AUTOCREATE PK device.id, window.start ` +
          "WITHINDEXSUFFIX=`-{yyyy.MM.dd}`",
        "connect.elastic.retry.interval": 100,
        ...changes,
      },
    },
    { variables: {} },
  );
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  return validated.config;
}

const same = <T>(value: T): T => value;

function isWhole(value: Published): value is WholeRecord {
  return typeof value === "object" && value !== null && "json" in value;
}

function toBytes(value: Aggregate | string | Uint8Array | null): Uint8Array | null {
  if (value === null || value instanceof Uint8Array) return value;
  return typeof value === "string" ? Buffer.from(value) : encodeAggregate(value);
}
