/**
 * What the three topics say, folded record by record. No I/O, no clock: when a record counts as
 * heard is an argument.
 */
import type { ClusterRecord, ConfigRecord, StatusRecord, WorkerRecord } from "./cluster-records.ts";
import type { TargetState } from "./herder.ts";

export type ClusterView = {
  readonly configs: Map<string, ConfigRecord>;
  /** Without one a job is to run. */
  readonly targets: Map<string, TargetState>;
  readonly jobs: Map<string, StatusRecord>;
  /** By job, then by task. */
  readonly tasks: Map<string, Map<number, StatusRecord>>;
  /** Topics that a job's tasks were given partitions of. */
  readonly topics: Map<string, Set<string>>;
  readonly workers: Map<string, HeardWorker>;
};

export type HeardWorker = WorkerRecord & {
  /** Monotonic milliseconds of this worker. */
  readonly heardAtMs: number;
};

/**
 * A worker says every three seconds that it lives; one that was held up by a long collection is not
 * dead yet.
 */
export const heartbeatEveryMs = 3_000;
const deadAfterMs = 10_000;

/**
 * More than any cluster has; beyond it a record is passed over, so that a flood of them ends
 * somewhere.
 */
const jobsMax = 1_000;
const entriesPerJobMax = 1_000;
const workersMax = 1_000;

export function createClusterView(): ClusterView {
  return {
    configs: new Map(),
    targets: new Map(),
    jobs: new Map(),
    tasks: new Map(),
    topics: new Map(),
    workers: new Map(),
  };
}

/**
 * Why the record was passed over, or undefined. Restarts change nothing here: they are deeds, not
 * facts.
 */
export function applyRecord(
  view: ClusterView,
  record: ClusterRecord,
  heardAtMs: number,
): string | undefined {
  switch (record.kind) {
    case "config":
      return put(view.configs, record.name, record.value, jobsMax);
    case "target":
      return put(view.targets, record.name, record.value, jobsMax);
    case "job-status":
      if (isOlder(record.value, view.jobs.get(record.name))) return undefined;
      return put(view.jobs, record.name, record.value, jobsMax);
    case "task-status":
      return applyTask(view, record);
    case "topic":
      return applyTopic(view, record);
    case "worker": {
      const before = view.workers.get(record.id);
      if (before !== undefined && record.value && before.generation > record.value.generation) {
        return undefined;
      }
      const worker = record.value && { ...record.value, heardAtMs };
      return put(view.workers, record.id, worker, workersMax);
    }
    case "restart":
    case "restart-task":
      return undefined;
  }
}

export function isLive(worker: HeardWorker, nowMs: number): boolean {
  return nowMs - worker.heardAtMs < deadAfterMs;
}

function applyTask(
  { tasks }: ClusterView,
  { name, task, value }: ClusterRecord & { kind: "task-status" },
): string | undefined {
  const ofJob = tasks.get(name) ?? new Map<number, StatusRecord>();
  if (isOlder(value, ofJob.get(task))) return undefined;
  const fault = put(ofJob, task, value, entriesPerJobMax);
  return fault ?? put(tasks, name, ofJob.size > 0 ? ofJob : undefined, jobsMax);
}

function applyTopic(
  { topics }: ClusterView,
  { name, topic, active }: ClusterRecord & { kind: "topic" },
): string | undefined {
  const ofJob = topics.get(name) ?? new Set<string>();
  if (!active) ofJob.delete(topic);
  else if (ofJob.size < entriesPerJobMax) ofJob.add(topic);
  return put(topics, name, ofJob.size > 0 ? ofJob : undefined, jobsMax);
}

/** Of two workers in one slot the one that began later is believed: the other was fenced. */
function isOlder(value: StatusRecord | undefined, known: StatusRecord | undefined): boolean {
  if (value === undefined || known === undefined) return false;
  return value.worker_id === known.worker_id && value.generation < known.generation;
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined, max: number): string | undefined {
  if (value === undefined) {
    map.delete(key);
    return undefined;
  }
  if (map.size >= max && !map.has(key)) return `there are ${max} of its kind already`;
  map.set(key, value);
  return undefined;
}
