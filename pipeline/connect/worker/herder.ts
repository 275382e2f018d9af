/**
 * What REST asks of a worker, in Connect's word for it: the herder keeps the jobs. Configs, target states and task
 * status come from compacted topics that every worker follows, so any worker answers for every job of its cluster.
 * A worker runs the jobs of its own worker group only; what it is asked to do with others travels over the topics.
 */
import type { RetirableIndex } from "../../sinks/sink.ts";
import type { TaskMeter } from "../task/task-meter.ts";

export type ConnectorState =
  | "UNASSIGNED"
  | "RUNNING"
  | "PAUSED"
  | "STOPPED"
  | "FAILED"
  | "RESTARTING";

export type TargetState = "RUNNING" | "PAUSED" | "STOPPED";

export type TaskStatus = {
  readonly id: number;
  readonly state: ConnectorState;
  readonly worker_id: string;
  readonly trace?: string;
};

export type ConnectorStatus = {
  readonly name: string;
  readonly connector: {
    readonly state: ConnectorState;
    readonly worker_id: string;
    readonly trace?: string;
  };
  readonly tasks: readonly TaskStatus[];
  readonly type: "sink";
};

export type ConnectorInfo = {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly tasks: readonly { readonly connector: string; readonly task: number }[];
  readonly type: "sink";
};

export type ConnectorOffset = {
  readonly topic: string;
  readonly partition: number;
  /** null takes it away: the next start is from `consumer.override.auto.offset.reset`. */
  readonly offset: number | null;
};

/** Of a task that runs in this process. */
export type LocalTask = {
  readonly connector: string;
  readonly task: number;
  readonly state: ConnectorState;
  readonly meter: TaskMeter;
};

/** Errors of all that take a name: `HerderError`. Those that change something resolve when it is in its topic. */
export type Herder = {
  readonly workerId: string;
  readonly clusterId: () => Promise<string>;
  /** Has the worker read the topics to their ends? Before that it must not answer for the cluster. */
  readonly isReady: () => boolean;
  readonly names: () => readonly string[];
  readonly info: (name: string) => ConnectorInfo;
  readonly status: (name: string) => ConnectorStatus;
  readonly create: (
    name: string,
    config: Readonly<Record<string, string>>,
    initial: TargetState,
  ) => Promise<ConnectorInfo>;
  /** Creates it if there is none. */
  readonly putConfig: (
    name: string,
    config: Readonly<Record<string, string>>,
  ) => Promise<{ readonly created: boolean; readonly info: ConnectorInfo }>;
  /** null takes a key away. */
  readonly patchConfig: (
    name: string,
    patch: Readonly<Record<string, string | null>>,
  ) => Promise<ConnectorInfo>;
  readonly delete: (name: string) => Promise<void>;
  readonly setTarget: (name: string, target: TargetState) => Promise<void>;
  /** The status right after; tasks to be restarted are RESTARTING in it. */
  readonly restart: (
    name: string,
    which: { readonly includeTasks: boolean; readonly onlyFailed: boolean },
  ) => Promise<ConnectorStatus>;
  readonly restartTask: (name: string, task: number) => Promise<void>;
  readonly offsets: (name: string) => Promise<readonly ConnectorOffset[]>;
  readonly alterOffsets: (name: string, offsets: readonly ConnectorOffset[]) => Promise<void>;
  readonly resetOffsets: (name: string) => Promise<void>;
  /** Topics that its tasks have read from since the last reset. */
  readonly topics: (name: string) => readonly string[];
  readonly resetTopics: (name: string) => Promise<void>;
  /** The dry run of retirement; none for a store that has none. */
  readonly retirable: (name: string) => Promise<readonly RetirableIndex[]>;
  readonly localTasks: () => readonly LocalTask[];
};

export type HerderErrorCode =
  /** No job, or no task, of that name. */
  | "not-found"
  /** A job of that name exists. */
  | "exists"
  /** The config is not valid; the message names every fault. */
  | "invalid"
  /** Asked for in a state that does not allow it (offsets of a job that is not STOPPED). */
  | "wrong-state"
  /** The worker still reads its topics, or the group is rebalancing: ask again. */
  | "not-ready"
  /** Kafka cannot be reached. */
  | "unavailable";

export class HerderError extends Error {
  readonly code: HerderErrorCode;

  constructor(code: HerderErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "HerderError";
    this.code = code;
  }
}
