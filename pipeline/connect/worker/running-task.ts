/**
 * One task of a job as the worker sees it: it runs until it is stopped or fails, and says what
 * state it is in.
 */
import type { Clock } from "../../clock.ts";
import { connectGroup } from "../../contract/names.ts";
import type { CrashPort, TaskPoint } from "../../crash-points.ts";
import type { Kafka } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { Sink } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import type { PauseGate } from "../task/pause-gate.ts";
import { runSinkTask } from "../task/task.ts";
import type { TaskMeter } from "../task/task-meter.ts";
import type { ConnectorState } from "./herder.ts";

import { retireRegularly } from "./retirement-loop.ts";
import { traceOf } from "./trace.ts";

export type RunningTask = {
  readonly id: number;
  readonly meter: TaskMeter;
  readonly state: () => ConnectorState;
  /** Why it failed. */
  readonly trace: () => string | undefined;
  /** Resolves when what it read is stored and committed, and its group left. Never rejects. */
  readonly stop: () => Promise<void>;
};

export type RunningTaskOptions = {
  readonly id: number;
  readonly config: JobConfig;
  readonly kafka: Kafka;
  /** The job's. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly meter: TaskMeter;
  readonly gate: PauseGate;
  readonly createSink: (config: JobConfig) => Sink;
  readonly crashPoint?: CrashPort<TaskPoint> | undefined;
  /** Whether this task also retires the job's indices. */
  readonly retires: boolean;
  /** What it is until it has partitions. */
  readonly before: "UNASSIGNED" | "RESTARTING";
  /** After every change of its state. */
  readonly onChange: () => void;
};

export function startTask(options: RunningTaskOptions): RunningTask {
  const { id, config, clock, log, meter, gate, onChange } = options;
  const stopping = new AbortController();
  const over = new AbortController();
  const retiring = AbortSignal.any([stopping.signal, over.signal]);
  let assigned = false;
  let trace: string | undefined;
  let retirement: Promise<void> | undefined;

  async function run(): Promise<void> {
    const sink = options.createSink(config);
    const onReady = (): void => {
      assigned = true;
      onChange();
      if (!options.retires || sink.retirement === undefined) return;
      const { isPaused } = gate;
      const shared = { retirement: sink.retirement, clock, log, meter, isPaused };
      retirement = retireRegularly({ ...shared, signal: retiring });
    };
    await runSinkTask({
      kafka: options.kafka,
      config,
      sink,
      clock,
      log,
      random: options.random,
      slot: id,
      signal: stopping.signal,
      meter,
      pause: gate,
      ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
      onReady,
    });
  }

  async function untilEnded(): Promise<void> {
    try {
      await run();
      if (!stopping.signal.aborted) throw new Error("the task ended though nobody had stopped it");
    } catch (error) {
      trace = traceOf(error, `Task ${id} of ${config.name} (${connectGroup(config.name)}-${id})`);
      log.error({ trace }, "task failed");
      onChange();
    } finally {
      over.abort(new Error("the task is over"));
      await retirement;
    }
  }

  const ended = untilEnded();
  return {
    id,
    meter,
    state: () => {
      if (trace !== undefined) return "FAILED";
      if (gate.isPaused()) return "PAUSED";
      return assigned ? "RUNNING" : options.before;
    },
    trace: () => trace,
    stop: () => {
      stopping.abort(new Error("the task is stopped"));
      return ended;
    },
  };
}
