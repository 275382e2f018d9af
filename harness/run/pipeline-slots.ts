/** How the jobs of a run are started: their config files and command lines. The harness knows no more of them. */
import type { RunNames } from "../../pipeline/contract/names.ts";
import { slotOf, stageOf } from "../scenario/fault-target.ts";
import { jobFileOf } from "../scenario/job-file.ts";
import type { Scenario, ScenarioJob } from "../scenario/scenario.ts";
import { kafkaStages } from "../stack/kafka-links.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { entryFiles } from "./entry-file.ts";
import type { LinkPorts } from "./links.ts";
import type { SlotSpec } from "./process-slots.ts";
import type { RunFolder } from "./run-folder.ts";

/**
 * Below the generator's: on one machine it must keep its schedule before anyone else works. The persisting jobs
 * come last, beside their stores: they have a whole window's time for each burst.
 */
const niceOf = { aggregator: 5, connect: 15 } as const;

export type PipelineOptions = {
  readonly run: string;
  readonly names: RunNames;
  readonly scenario: Scenario;
  readonly folder: RunFolder;
  readonly stack: RunningStack;
  /** Where a stage reaches a server that a proxy stands before; absent: there are none. */
  readonly links?: LinkPorts;
  /** Wall time at which the load's event time begins: the jobs' clock follows from it. */
  readonly originMs: number;
  /** How far the persisting jobs' clock is ahead of the load's; absent: not at all. */
  readonly clockAheadMs?: number;
};

/** `stage`: another name for an aggregator of other topics (`options.names`) beside the run's own. */
export function aggregatorSlot(
  options: PipelineOptions,
  slot: number,
  stage = "aggregator",
): SlotSpec {
  const { names, folder } = options;
  const file = folder.writeConfig(`${stage}.json`, aggregatorConfig(names, options.scenario));
  return slotSpec(options, `${stage}-${slot}`, ["aggregator", file], slot, []);
}

export function jobSlot(
  options: PipelineOptions,
  job: Pick<ScenarioJob, "file" | "store" | "config">,
  slot: number,
): SlotSpec {
  const file = options.folder.writeConfig(`job-${job.store}.json`, jobFileOf(job));
  return connectSlot(options, { name: `job-${job.store}-${slot}`, file, slot });
}

/** A worker of the run's cluster: `file` is the config of the one job that it runs. */
export function connectSlot(
  options: PipelineOptions,
  worker: { readonly name: string; readonly file: string; readonly slot: number },
): SlotSpec {
  const { name, file, slot } = worker;
  const variables = Object.entries(jobVariables(options));
  const assignments = variables.flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const cluster = ["--cluster", options.run, "--listen", "127.0.0.1:0"];
  return slotSpec(options, name, ["connect", file], slot, [...cluster, ...assignments]);
}

/** Any instance of a stage by its name: `aggregator-1`, `job-cassandra-0`. Errors: a name that is none of them. */
export function instanceSlot(options: PipelineOptions, name: string): SlotSpec {
  const [stage, slot] = [stageOf(name), slotOf(name)];
  if (stage === "aggregator") return aggregatorSlot(options, slot);
  const job = options.scenario.jobs.find(({ store }) => stage === `job-${store}`);
  if (job === undefined) throw new Error(`No stage of this run has an instance ${name}.`);
  return jobSlot(options, job, slot);
}

/** Where a stage, or one of its processes by name, asks for Kafka first. */
export function bootstrapFor(
  name: string,
  { stack, links }: Pick<PipelineOptions, "stack" | "links">,
): string {
  const stage = kafkaStages.find((each) => each === stageOf(name));
  const port = stage === undefined ? undefined : links?.portOf(`${stage}/kafka`);
  return port === undefined ? stack.kafka.bootstrap : `127.0.0.1:${port}`;
}

/** What `${…}` in a job's config stands for. */
function jobVariables({ run, stack, links }: PipelineOptions): Record<string, string> {
  const { hostname, port } = new URL(stack.elasticsearch.node);
  const toElasticsearch = links?.portOf("job-elasticsearch/elasticsearch");
  const toCassandra = links?.portOf("job-cassandra/cassandra");
  return {
    run,
    "elasticsearch.host": hostname,
    "elasticsearch.port": String(toElasticsearch ?? port),
    "cassandra.host": stack.cassandra.contactPoint,
    "cassandra.port": String(toCassandra ?? stack.cassandra.port),
    "cassandra.datacenter": stack.cassandra.localDataCenter,
  };
}

function aggregatorConfig(names: RunNames, scenario: Scenario): object {
  const { window, fleet } = scenario;
  return {
    group: names.aggregatorGroup,
    topics: names.topics,
    window: {
      size: `${window.sizeMs}ms`,
      grace: `${window.graceMs}ms`,
      retention: `${window.retentionMs}ms`,
      ahead: `${window.aheadMs}ms`,
      quorum: window.quorum,
      span: spanOf(window.sizeMs / (fleet.hot?.everyMs ?? fleet.everyMs)),
    },
  };
}

/** The power of two ≥ 4 × the readings that a window expects, at least 64: as the contract states it. */
export function spanOf(readingsPerWindow: number): number {
  return Math.max(64, 2 ** Math.ceil(Math.log2(4 * readingsPerWindow)));
}

function slotSpec(
  options: PipelineOptions,
  name: string,
  job: readonly [kind: keyof typeof niceOf, file: string],
  slot: number,
  more: readonly string[],
): SlotSpec {
  const { scenario, folder } = options;
  const clock = {
    origin: options.originMs,
    start: scenario.time.start + (job[0] === "connect" ? (options.clockAheadMs ?? 0) : 0),
    scale: scenario.fleet.timeScale,
  };
  return {
    name,
    entry: entryFiles.job,
    args: [
      ...job,
      "--bootstrap",
      bootstrapFor(name, options),
      "--slot",
      String(slot),
      "--clock",
      JSON.stringify(clock),
      ...more,
    ],
    logFile: folder.log(name),
    nice: niceOf[job[0]],
  };
}
