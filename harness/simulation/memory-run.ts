/**
 * The whole pipeline in memory, on virtual time: fleet, aggregator, both persisting jobs, the harness's own
 * look at topics and stores, and the same judgement as of a real run. Its rates mean nothing.
 */
import { runAggregator } from "../../pipeline/aggregator/loop.ts";
import { scaledClock } from "../../pipeline/clock.ts";
import { runSinkTask } from "../../pipeline/connect/task/task.ts";
import { runNames } from "../../pipeline/contract/names.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { createCassandraSink } from "../../pipeline/sinks/cassandra/cassandra-sink.ts";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";
import { createPlan } from "../../simulator/plan.ts";
import { type Judgement, judge } from "../checks/judge.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import { planOptionsOf } from "../scenario/plan-options.ts";
import type { Scenario, ScenarioJob } from "../scenario/scenario.ts";
import { createMemoryCassandra } from "./memory-cassandra.ts";
import { createVirtualClock } from "./memory-clock.ts";
import { createMemoryElasticsearch } from "./memory-elasticsearch.ts";
import { playFleet } from "./memory-fleet.ts";
import {
  aggregatorConfig,
  digestKey,
  isDrained,
  jobConfig,
  quietLog,
  run,
  span,
} from "./memory-jobs.ts";
import { createMemoryKafka } from "./memory-kafka.ts";
import { lookAtStores, lookAtTopics } from "./memory-look.ts";
import { recordOf } from "./memory-record.ts";

export type MemoryRunOptions = {
  readonly scenario: Scenario;
  /** Wraps a port of the unchanged pipeline in a bug. */
  readonly plant?: {
    readonly kafka?: (kafka: Kafka) => Kafka;
    readonly sink?: (sink: Sink, store: string) => Sink;
  };
  /** Virtual wall milliseconds after the start at which the aggregator dies without a word, and is started again. */
  readonly killAggregatorAtMs?: number;
};

const tickMs = 20;
const limitMs = 3_600_000;
const log = quietLog;
const quiet = (): void => undefined;

export async function runInMemory(options: MemoryRunOptions): Promise<Judgement> {
  const { scenario, plant = {}, killAggregatorAtMs } = options;
  const planOptions = planOptionsOf(scenario);
  const plan = createPlan(planOptions);
  const clock = createVirtualClock(Date.UTC(2026, 10, 1));
  // What decides about TTL and retirement is the time of the readings, as in a real run.
  const jobClock = scaledClock(clock, {
    origin: clock.now(),
    start: scenario.time.start,
    scale: scenario.fleet.timeScale,
  });
  const names = runNames(run);
  const { partitions } = scenario.topics;
  const topics = Object.fromEntries(
    Object.values(names.topics).map((topic) => [topic, partitions]),
  );
  const kafka = createMemoryKafka({ clock, topics });
  const elasticsearch = createMemoryElasticsearch({ clock, latencyMs: 5 });
  const cassandra = createMemoryCassandra({ clock, latencyMs: 2 });
  const stop = new AbortController();
  const observer = kafka.connect("observer");

  const aggregator = (client: Kafka): Promise<void> =>
    runAggregator({
      kafka: plant.kafka?.(client) ?? client,
      config: aggregatorConfig(scenario, { checkpointEvery: "2s" }),
      clock,
      log,
      slot: 0,
      signal: stop.signal,
    });

  const job = ({ file }: ScenarioJob): Promise<void> => {
    const config = jobConfig(file);
    const { store: settings, statements } = config;
    const common = { statements, now: jobClock.now };
    const sink =
      settings.store === "elasticsearch"
        ? createElasticsearchSink({ ...common, api: elasticsearch.connect(), settings })
        : createCassandraSink({ ...common, api: cassandra.connect(), settings });
    const planted = plant.sink?.(sink, settings.store) ?? sink;
    const client = kafka.connect(settings.store);
    const fixed = { clock: jobClock, log, random: () => 0.5, slot: 0, signal: stop.signal };
    return runSinkTask({ kafka: client, config, sink: planted, ...fixed });
  };

  async function drained(): Promise<void> {
    const jobs = scenario.jobs.map(({ file }) => jobConfig(file).name);
    while (!(await isDrained(observer, partitions, jobs, stop.signal))) await clock.sleep(100);
  }

  async function play(): Promise<RunFacts> {
    const first = kafka.connect("aggregator-0");
    const running = [aggregator(first), ...scenario.jobs.map(job)];
    const dead = killAggregatorAtMs === undefined ? undefined : kill(first, killAggregatorAtMs);
    // Of an instance that was killed nobody asks how it ended.
    if (dead !== undefined) running[0]?.catch(quiet);
    const failed = Promise.all(running.filter((_, i) => i > 0 || dead === undefined));
    failed.catch(quiet);
    const fleet = { plan, kafka, topic: names.topics.raw, clock, tickMs };
    const work = async () => {
      const acks = await playFleet({ ...fleet, timeScale: scenario.fleet.timeScale });
      await dead;
      await drained();
      return acks;
    };
    const acks = await Promise.race([
      work(),
      failed.then(() => neverEnds("a job ended by itself")),
    ]);
    const looked = await lookAtTopics(observer.log, plan, names.topics, { span, digestKey });
    const at = { elasticsearch, cassandra, keyspace: names.keyspace, table: names.table };
    const stores = [...lookAtStores(plan, at, scenario.stores).values()].map(({ rows }) => rows);
    const record = recordOf(scenario, planOptions, acks.length);
    return { record, plan, ...looked, acks, stores, deadLetters: [] };
  }

  /** As kill -9: the client is gone without a word, the instance's own errors are nobody's. */
  async function kill(client: Kafka, atMs: number): Promise<void> {
    await clock.sleep(atMs);
    await client.close();
    aggregator(kafka.connect("aggregator-0")).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }

  try {
    return judge(await clock.runUntil(play(), limitMs));
  } finally {
    stop.abort(new Error("the run is over"));
    await clock.settle();
    kafka.close();
  }
}

function neverEnds(why: string): never {
  throw new Error(why);
}
