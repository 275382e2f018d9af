/**
 * The jobs that this worker runs: one runner each, and the meters of their tasks, which outlive the
 * tasks.
 */
import type { Clock } from "../../clock.ts";
import type { CrashPort, TaskPoint } from "../../crash-points.ts";
import type { Kafka } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { Sink } from "../../sinks/sink.ts";
import { type ConfigContext, validateJobConfig } from "../config/config.ts";
import type { JobConfig } from "../config/job-config.ts";
import { createTaskMeter, type TaskMeter } from "../task/task-meter.ts";
import type { ClusterView } from "./cluster-view.ts";
import type { LocalTask } from "./herder.ts";
import { createJobRunner, type JobRunner, type RestartRequest } from "./job-runner.ts";
import type { OwnTask } from "./job-status.ts";
import { withFields } from "./log-fields.ts";
import { wantedJob } from "./next-step.ts";
import { startTask } from "./running-task.ts";

export type LocalJobs = {
  /** From now on jobs run; before that wishes are only noted in the view. */
  readonly begin: () => void;
  /** Something of the job has changed in the view. */
  readonly look: (name: string) => void;
  readonly restart: (name: string, request: RestartRequest) => void;
  readonly tasks: () => readonly LocalTask[];
  readonly tasksOf: (name: string) => readonly OwnTask[];
  /** Why the job's config could not be taken up. */
  readonly failureOf: (name: string) => string | undefined;
  /** Has every task its partitions, or is nothing to run? */
  readonly isWorking: (name: string) => boolean;
  /** Stops all tasks, awaited. */
  readonly close: () => Promise<void>;
};

export type LocalJobsOptions = {
  readonly view: ClusterView;
  readonly group: string;
  readonly slot: number;
  readonly context: ConfigContext;
  readonly kafka: Kafka;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly createSink: (config: JobConfig) => Sink;
  readonly crashPoint?: CrashPort<TaskPoint> | undefined;
  readonly onChange: (name: string) => void;
};

export function createLocalJobs(options: LocalJobsOptions): LocalJobs {
  const { view, group, slot, context } = options;
  const runners = new Map<string, JobRunner>();
  const meters = new Map<string, TaskMeter>();
  let begun = false;

  function meterOf(name: string, task: number): TaskMeter {
    const key = `${name}-${task}`;
    const meter = meters.get(key) ?? createTaskMeter();
    meters.set(key, meter);
    return meter;
  }

  function open(name: string): JobRunner {
    const onChange = (): void => options.onChange(name);
    const { kafka, clock, random, createSink, crashPoint } = options;
    const runner = createJobRunner({
      slot,
      validate: (properties) => validateJobConfig({ name, config: properties }, context),
      log: withFields(options.log, { job: name }),
      onChange,
      startTask: (task) =>
        startTask({
          ...task,
          kafka,
          clock,
          random,
          createSink,
          crashPoint,
          onChange,
          log: withFields(options.log, { job: name, task: task.id }),
          meter: meterOf(name, task.id),
        }),
    });
    runners.set(name, runner);
    return runner;
  }

  function look(name: string): void {
    if (!begun) return;
    const wanted = wantedJob(view, name, group);
    if (wanted === undefined && !runners.has(name)) return;
    const runner = runners.get(name) ?? open(name);
    runner.want(wanted);
  }

  const running = (name: string) => runners.get(name)?.tasks() ?? [];

  return {
    begin: () => {
      begun = true;
      for (const name of view.configs.keys()) look(name);
    },
    look,
    restart: (name, request) => {
      if (wantedJob(view, name, group) !== undefined) runners.get(name)?.restart(request);
    },
    tasks: () =>
      [...runners.keys()].flatMap((connector) =>
        running(connector).map(({ id, state, meter }) => ({
          connector,
          task: id,
          state: state(),
          meter,
        })),
      ),
    tasksOf: (name) =>
      running(name).map(({ id, state, trace }) => ({ id, state: state(), trace: trace() })),
    failureOf: (name) => runners.get(name)?.failure(),
    isWorking: (name) => {
      const wanted = wantedJob(view, name, group);
      if (wanted === undefined || wanted.target === "STOPPED") return true;
      const states = running(name).map(({ state }) => state());
      return states.length > 0 && states.every((one) => one === "RUNNING" || one === "PAUSED");
    },
    close: async () => {
      await Promise.all([...runners.values()].map(({ close }) => close()));
    },
  };
}
