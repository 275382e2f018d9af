/**
 * A worker: follows the three topics of its cluster, runs the jobs of its group as they say, tells
 * what it does, and answers for every job of the cluster.
 */
import type { Clock } from "../../clock.ts";
import type { CrashPort, TaskPoint } from "../../crash-points.ts";
import type { Kafka } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { Sink } from "../../sinks/sink.ts";
import type { ConfigContext } from "../config/config.ts";
import type { JobConfig } from "../config/job-config.ts";
import { createAnnouncer } from "./announcer.ts";
import { type ClusterRecord, keys, targetValue } from "./cluster-records.ts";
import { createClusterTopics } from "./cluster-topics.ts";
import { heartbeatEveryMs } from "./cluster-view.ts";
import { createHerder } from "./create-herder.ts";
import type { Herder } from "./herder.ts";
import { createLocalJobs } from "./local-jobs.ts";
import { withFields } from "./log-fields.ts";
import { type Seed, seedRecord } from "./seeds.ts";
import { createStatusPublisher } from "./status-publisher.ts";

export type WorkerOptions = {
  readonly kafka: Kafka;
  /** The jobs' clock: its `now` decides TTL and retirement. */
  readonly clock: Clock;
  /** The machine's time, epoch milliseconds. */
  readonly wallNow: () => number;
  readonly log: Logger;
  /** [0, 1), for the jitter of back-offs. */
  readonly random: () => number;
  /** Workers with the same topics; see `workerTopics`. */
  readonly cluster: string;
  /** Workers that run the same jobs. */
  readonly group: string;
  /** Of this worker among those of its group: kept over restarts, one worker a slot. */
  readonly slot: number;
  readonly context: ConfigContext;
  readonly createSink: (config: JobConfig) => Sink;
  readonly crashPoint?: CrashPort<TaskPoint> | undefined;
};

export type Worker = {
  readonly herder: Herder;
  readonly isLive: () => boolean;
  /**
   * Reads the topics, publishes the seeds, starts the jobs; resolves when every task of the seeds'
   * jobs has partitions, or is not to have any. A task that fails before that is waited for until
   * somebody mends it. Errors: `KafkaError`.
   */
  readonly start: (seeds: readonly Seed[], rest: string | undefined) => Promise<void>;
  /** What was read is stored and committed, the groups are left, the cluster is told. */
  readonly close: () => Promise<void>;
};

export function createWorker(options: WorkerOptions): Worker {
  const { kafka, clock, wallNow, group, slot, context, createSink } = options;
  const workerId = `${group}-${slot}`;
  const generation = Math.floor(wallNow());
  const log = withFields(options.log, { worker: workerId });
  const closing = new AbortController();
  /** Aborted when the last task has ended: until then the worker lives. */
  const rested = new AbortController();
  const news = new Set<() => void>();
  let beating = Promise.resolve();

  const topics = createClusterTopics({ ...options, log, onRecord });
  const { view } = topics;
  const onChange = (name: string): void => {
    announcer.job(name);
    for (const tell of news) tell();
  };
  const jobs = createLocalJobs({ ...options, view, log, onChange });
  const publisher = createStatusPublisher({ put: topics.tell, clock, log });
  const announcer = createAnnouncer({
    workerId,
    generation,
    group,
    slot,
    view,
    jobs,
    publisher,
  });
  const herder = createHerder({
    workerId,
    group,
    view,
    isReady: topics.isRead,
    put: topics.put,
    kafka,
    clock,
    context,
    checks: { kafka, context, createSink, clock, log },
    localTasks: jobs.tasks,
    ownTasks: jobs.tasksOf,
  });

  function onRecord(record: ClusterRecord, live: boolean): void {
    if (record.kind === "config" || record.kind === "target") {
      jobs.look(record.name);
      for (const tell of news) tell();
    } else if (live && record.kind === "restart") {
      jobs.restart(record.name, { task: undefined, onlyFailed: record.onlyFailed });
    } else if (live && record.kind === "restart-task") {
      jobs.restart(record.name, { task: record.task, onlyFailed: false });
    } else if (live && record.kind === "worker" && record.id === workerId) {
      const later = record.value !== undefined && record.value.generation > generation;
      if (later)
        log.error({}, "another worker was started in this slot: each needs one of its own");
    }
  }

  async function publish(seeds: readonly Seed[]): Promise<void> {
    for (const seed of seeds) {
      const record = seedRecord(view, seed, group);
      if (record === undefined) continue;
      if (!view.configs.has(seed.name)) {
        await topics.put.target(keys.target(seed.name), targetValue("RUNNING"));
      }
      await topics.put.config(keys.config(seed.name), record);
    }
  }

  async function beat(rest: string | undefined): Promise<void> {
    while (!rested.signal.aborted) {
      announcer.heartbeat(rest);
      await clock.sleep(heartbeatEveryMs, rested.signal).catch(() => {}); // woken by the end
    }
  }

  function working(seeds: readonly Seed[]): Promise<void> {
    const all = (): boolean => seeds.every(({ name }) => jobs.isWorking(name));
    if (all()) return Promise.resolve();
    return new Promise((resolve) => {
      const tell = (): void => {
        if (!all()) return;
        news.delete(tell);
        resolve();
      };
      news.add(tell);
    });
  }

  return {
    herder,
    isLive: topics.isLive,
    start: async (seeds, rest) => {
      await topics.open();
      await publish(seeds);
      if (closing.signal.aborted) return;
      beating = beat(rest);
      jobs.begin();
      await working(seeds);
    },
    close: async () => {
      closing.abort(new Error("the worker is closed"));
      await jobs.close();
      rested.abort(new Error("the worker has no tasks any more"));
      await beating;
      announcer.goodbye();
      await publisher.close();
      await topics.close();
    },
  };
}
