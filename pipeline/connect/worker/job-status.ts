/**
 * What REST says of a job, from what the topics say and from what this worker runs itself. Pure.
 */
import { type ClusterView, type HeardWorker, isLive } from "./cluster-view.ts";
import type { ConnectorInfo, ConnectorState, ConnectorStatus, TaskStatus } from "./herder.ts";

/** A task that runs in this process: its own word is newer than what has gone round. */
export type OwnTask = {
  readonly id: number;
  readonly state: ConnectorState;
  readonly trace: string | undefined;
};

export type Viewpoint = {
  readonly workerId: string;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly own: readonly OwnTask[];
};

/** The job must be in the view. */
export function statusOf(view: ClusterView, name: string, from: Viewpoint): ConnectorStatus {
  const target = view.targets.get(name) ?? "RUNNING";
  const workers = liveWorkers(view, name, from.nowMs);
  const said = view.jobs.get(name);
  const isFailed =
    said?.state === "FAILED" &&
    workers.some(([id, one]) => id === said.worker_id && one.generation === said.generation);
  const isOrphan = target === "RUNNING" && workers.length === 0;
  const connector: ConnectorStatus["connector"] = isFailed
    ? { state: "FAILED", worker_id: said.worker_id, ...traceOf(said.trace) }
    : { state: isOrphan ? "UNASSIGNED" : target, worker_id: workers[0]?.[0] ?? "" };
  return { name, connector, tasks: tasksOf(view, name, from), type: "sink" };
}

export function infoOf(view: ClusterView, name: string, from: Viewpoint): ConnectorInfo {
  const tasks = tasksOf(view, name, from).map(({ id }) => ({ connector: name, task: id }));
  const properties = view.configs.get(name)?.properties ?? {};
  return { name, config: { ...properties, name }, tasks, type: "sink" };
}

/** Those of the workers that are to run the job, by slot. */
function liveWorkers(
  view: ClusterView,
  name: string,
  nowMs: number,
): readonly (readonly [string, HeardWorker])[] {
  const group = view.configs.get(name)?.group;
  return [...view.workers]
    .filter(([, worker]) => worker.group === group && isLive(worker, nowMs))
    .sort(([, a], [, b]) => a.slot - b.slot);
}

function tasksOf(view: ClusterView, name: string, from: Viewpoint): readonly TaskStatus[] {
  const tasks = new Map<number, TaskStatus>();
  for (const [id, worker_id] of expectedTasks(view, name, from.nowMs)) {
    tasks.set(id, { id, state: "UNASSIGNED", worker_id });
  }
  for (const [id, { state, trace, worker_id, generation }] of view.tasks.get(name) ?? []) {
    const worker = view.workers.get(worker_id);
    if (worker !== undefined && worker.generation > generation) continue; // of a life before
    const isKnown = worker !== undefined && isLive(worker, from.nowMs);
    if (isKnown) tasks.set(id, { id, state, worker_id, ...traceOf(trace) });
    else tasks.set(id, { id, state: "UNASSIGNED", worker_id });
  }
  for (const { id, state, trace } of from.own) {
    tasks.set(id, { id, state, worker_id: from.workerId, ...traceOf(trace) });
  }
  return [...tasks.values()].sort((a, b) => a.id - b.id);
}

/** What the live workers of its group are to run, though they may not have said so yet. */
function* expectedTasks(
  view: ClusterView,
  name: string,
  nowMs: number,
): Generator<readonly [number, string]> {
  if (view.targets.get(name) === "STOPPED") return;
  if (view.jobs.get(name)?.state === "FAILED") return;
  const each = tasksPerWorker(view.configs.get(name)?.properties["tasks.max"]);
  for (const [id, { slot }] of liveWorkers(view, name, nowMs)) {
    for (let index = 0; index < each; index++) yield [slot * each + index, id];
  }
}

/**
 * As written; behind a `${…}` that another worker knows there may be any number, so none is
 * promised.
 */
function tasksPerWorker(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
}

function traceOf(trace: string | null | undefined): { readonly trace?: string } {
  return trace ? { trace } : {};
}
