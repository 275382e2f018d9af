/** The unchanged jobs as instances of a simulated world: each behind its own gate, to the broker and to its store. */
import { runAggregator } from "../../pipeline/aggregator/loop.ts";
import { type Clock, scaledClock } from "../../pipeline/clock.ts";
import { runSinkTask } from "../../pipeline/connect/task/task.ts";
import { type Kafka, KafkaError } from "../../pipeline/kafka/port.ts";
import type { CassandraApi } from "../../pipeline/sinks/cassandra/api.ts";
import { createCassandraSink } from "../../pipeline/sinks/cassandra/cassandra-sink.ts";
import type { ElasticsearchApi } from "../../pipeline/sinks/elasticsearch/api.ts";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";
import type { Scenario, StoreName } from "../scenario/scenario.ts";
import type { StageName } from "./fault-schedule.ts";
import type { Complaints } from "./gate.ts";
import { gatedCassandra, gatedElasticsearch } from "./gated-stores.ts";
import { type InstanceParts, occupySlot, type Slot } from "./instances.ts";
import { aggregatorConfig, jobConfig, quietLog } from "./memory-jobs.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

/** A bug, around a port of the unchanged pipeline. */
export type Plant = {
  readonly kafka?: (kafka: Kafka) => Kafka;
  readonly sink?: (sink: Sink, store: string) => Sink;
  readonly elasticsearch?: (api: ElasticsearchApi) => ElasticsearchApi;
  readonly cassandra?: (api: CassandraApi) => CassandraApi;
  /** By which a job counts TTLs and retirement. */
  readonly jobClock?: (clock: Clock) => Clock;
};

/** What schedules share: reading it again for each would take longer than the schedule. */
export type SimulationSetup = {
  readonly scenario: Scenario;
  readonly aggregator: ReturnType<typeof aggregatorConfig>;
  readonly jobs: Readonly<Record<StoreName, ReturnType<typeof jobConfig>>>;
};

export function prepareSimulation(scenario: Scenario): SimulationSetup {
  const configOf = (store: StoreName): ReturnType<typeof jobConfig> => {
    const job = scenario.jobs.find((each) => each.store === store);
    if (job === undefined) throw new Error(`the simulated scenario has no job for ${store}`);
    return jobConfig(job.file);
  };
  return {
    scenario,
    // Often, so that a few seconds hold many commits and some checkpoints.
    aggregator: aggregatorConfig(scenario, { checkpointEvery: "600ms", commitEvery: "200ms" }),
    jobs: { elasticsearch: configOf("elasticsearch"), cassandra: configOf("cassandra") },
  };
}

/** Starts an instance of the stage, and its successors. */
export function occupyStage(
  world: SimulatedWorld,
  setup: SimulationSetup,
  plant: Plant,
  { stage, slot }: { readonly stage: StageName; readonly slot: number },
): Slot {
  const complaints: Complaints = {
    refused: () => new KafkaError("unavailable", "the broker is away", { definite: true }),
    unknown: () => new KafkaError("unavailable", "no answer came", { definite: false }),
    mayBeLate: false,
    isDown: () => world.down.has("broker"),
  };
  return occupySlot({
    world,
    slot,
    connect: (gate) =>
      world.kafka.connect(`${stage}-${slot}`, (work) => gate.pass(work, complaints)),
    run: (parts) =>
      stage === "aggregator"
        ? runAggregator({ ...common(parts, plant), config: setup.aggregator, clock: parts.clock })
        : runTask(world, setup, plant, stage, parts),
    nextInstance: () => {
      world.instances += 1;
      return world.instances;
    },
    onFailure: (error) => world.failures.push(error),
  });
}

function common({ client, slot, signal }: InstanceParts, plant: Plant) {
  return { kafka: plant.kafka?.(client) ?? client, log: quietLog, slot, signal };
}

function runTask(
  world: SimulatedWorld,
  setup: SimulationSetup,
  plant: Plant,
  store: StoreName,
  parts: InstanceParts,
): Promise<void> {
  const clock = scaledClock(parts.clock, world.jobTime);
  const config = setup.jobs[store];
  const { now } = plant.jobClock?.(clock) ?? clock;
  const sink = openSink(world, config, plant, parts, now);
  return runSinkTask({
    ...common(parts, plant),
    config,
    sink: plant.sink?.(sink, store) ?? sink,
    clock,
    random: world.random.fraction,
  });
}

function openSink(
  world: SimulatedWorld,
  { store: settings, statements }: ReturnType<typeof jobConfig>,
  plant: Plant,
  { gate }: InstanceParts,
  now: () => number,
): Sink {
  const { elasticsearch, cassandra, down } = world;
  const isDown = (): boolean => down.has(settings.store);
  if (settings.store === "elasticsearch") {
    const gated = gatedElasticsearch(elasticsearch.connect(), gate, world, isDown);
    const api = plant.elasticsearch?.(gated) ?? gated;
    return createElasticsearchSink({ api, settings, statements, now });
  }
  const gated = gatedCassandra(cassandra.connect(), gate, world, isDown);
  const api = plant.cassandra?.(gated) ?? gated;
  return createCassandraSink({ api, settings, statements, now });
}
