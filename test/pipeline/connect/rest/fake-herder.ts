/** A herder in memory, one worker, no Kafka: jobs are what REST made them. `x` is not a valid config key for it. */
import { createTaskMeter } from "../../../../pipeline/connect/task/task-meter.ts";
import {
  type ConnectorInfo,
  type ConnectorOffset,
  type ConnectorState,
  type Herder,
  HerderError,
  type HerderErrorCode,
  type LocalTask,
  type TargetState,
} from "../../../../pipeline/connect/worker/herder.ts";

type Job = {
  config: Readonly<Record<string, string>>;
  target: TargetState;
  offsets: Map<string, ConnectorOffset>;
  topics: string[];
  taskState: ConnectorState;
};

export type FakeHerder = Herder & {
  readonly setReady: (ready: boolean) => void;
  /** What the next call of any kind throws. */
  readonly failNext: (error: Error) => void;
  readonly setTaskState: (name: string, state: ConnectorState) => void;
  readonly tasksOf: (name: string) => readonly LocalTask[];
};

export function createFakeHerder(): FakeHerder {
  const jobs = new Map<string, Job>();
  const meters = new Map<string, LocalTask["meter"]>();
  let ready = true;
  let planned: Error | undefined;

  const job = (name: string): Job => {
    if (planned !== undefined) {
      const error = planned;
      planned = undefined;
      throw error;
    }
    return jobs.get(name) ?? refuse("not-found", `Connector ${name} not found`);
  };
  const info = (name: string): ConnectorInfo => {
    const { config, target } = job(name);
    const tasks = target === "STOPPED" ? [] : [{ connector: name, task: 0 }];
    return { name, config, tasks, type: "sink" };
  };
  const localTasks = (): readonly LocalTask[] =>
    [...jobs].map(([connector, { taskState }]) => {
      const meter = meters.get(connector) ?? createTaskMeter();
      meters.set(connector, meter);
      return { connector, task: 0, state: taskState, meter };
    });
  const put = (name: string, config: Readonly<Record<string, string>>, target: TargetState) => {
    if ("x" in config) refuse("invalid", "Connector configuration is invalid: x: no such key");
    jobs.set(name, { config, target, offsets: new Map(), topics: ["t"], taskState: "RUNNING" });
    return info(name);
  };
  const modifiable = (name: string): Job => {
    const found = job(name);
    if (found.target === "STOPPED") return found;
    return refuse("wrong-state", "Connectors must be in the STOPPED state before …");
  };
  return {
    workerId: "w-0",
    clusterId: async () => "cluster-1",
    isReady: () => ready,
    names: () => [...jobs.keys()],
    info,
    status: (name) => {
      const { target, taskState } = job(name);
      const tasks = target === "STOPPED" ? [] : [{ id: 0, state: taskState, worker_id: "w-0" }];
      return { name, connector: { state: target, worker_id: "w-0" }, tasks, type: "sink" };
    },
    create: async (name, config, initial) => {
      if (jobs.has(name)) refuse("exists", `Connector ${name} already exists`);
      return put(name, config, initial);
    },
    putConfig: async (name, config) => {
      const created = !jobs.has(name);
      return { created, info: put(name, config, jobs.get(name)?.target ?? "RUNNING") };
    },
    patchConfig: async (name, patch) => {
      const merged = Object.entries({ ...job(name).config, ...patch });
      const kept = merged.filter((entry): entry is [string, string] => entry[1] !== null);
      return put(name, Object.fromEntries(kept), job(name).target);
    },
    delete: async (name) => {
      job(name);
      jobs.delete(name);
    },
    setTarget: async (name, target) => {
      job(name).target = target;
    },
    restart: async (name) => {
      const { target } = job(name);
      const tasks = [{ id: 0, state: "RESTARTING", worker_id: "w-0" }] as const;
      return { name, connector: { state: target, worker_id: "w-0" }, tasks, type: "sink" };
    },
    restartTask: async (name, task) => {
      job(name);
      if (task !== 0) refuse("not-found", `Unknown task: ${name}-${task}`);
    },
    offsets: async (name) => [...job(name).offsets.values()],
    alterOffsets: async (name, offsets) => {
      const found = modifiable(name);
      for (const one of offsets) found.offsets.set(`${one.topic}/${one.partition}`, one);
    },
    resetOffsets: async (name) => modifiable(name).offsets.clear(),
    topics: (name) => job(name).topics,
    resetTopics: async (name) => {
      job(name).topics = [];
    },
    retirable: async (name) => {
      job(name);
      return [{ index: "i-2026.01.01", endMs: Date.UTC(2026, 0, 2), state: "open" }];
    },
    localTasks,
    setReady: (now) => {
      ready = now;
    },
    failNext: (error) => {
      planned = error;
    },
    setTaskState: (name, state) => {
      job(name).taskState = state;
    },
    tasksOf: (name) => localTasks().filter(({ connector }) => connector === name),
  };
}

function refuse(code: HerderErrorCode, message: string): never {
  throw new HerderError(code, message);
}
