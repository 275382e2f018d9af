/**
 * What this worker says of itself and of its jobs in the status topic: each thing once, and again
 * when it changed.
 */
import { keys } from "./cluster-records.ts";
import type { ClusterView } from "./cluster-view.ts";
import type { LocalJobs } from "./local-jobs.ts";
import type { StatusPublisher } from "./status-publisher.ts";

export type Announcer = {
  /** Says how the job and its tasks are, where that changed. */
  readonly job: (name: string) => void;
  /** Says that the worker lives, and which topics its tasks have read since the last time. */
  readonly heartbeat: (rest: string | undefined) => void;
  /** Takes back what it has said of itself. */
  readonly goodbye: () => void;
  /**
   * Has another worker, which began later, taken this one's slot? Then nothing is said any more.
   */
  readonly isSuperseded: () => boolean;
};

export type AnnouncerOptions = {
  readonly workerId: string;
  readonly generation: number;
  readonly group: string;
  readonly slot: number;
  readonly view: ClusterView;
  readonly jobs: LocalJobs;
  readonly publisher: StatusPublisher;
};

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { workerId, generation, group, slot, view, jobs, publisher } = options;
  /** What was said of a job, as JSON by key. */
  const said = new Map<string, Map<string, string>>();
  const readBefore = new Map<string, number>();

  function isSuperseded(): boolean {
    return (view.workers.get(workerId)?.generation ?? 0) > generation;
  }

  function statuses(name: string): Map<string, object> {
    const own = { worker_id: workerId, generation };
    const words = new Map<string, object>();
    if (view.configs.get(name)?.group !== group) return words;
    const failure = jobs.failureOf(name);
    const state = failure === undefined ? (view.targets.get(name) ?? "RUNNING") : "FAILED";
    words.set(keys.jobStatus(name), { state, trace: failure ?? null, ...own });
    for (const task of jobs.tasksOf(name)) {
      const { id, trace } = task;
      words.set(keys.taskStatus(name, id), { state: task.state, trace: trace ?? null, ...own });
    }
    return words;
  }

  function job(name: string): void {
    if (isSuperseded()) return;
    const before = said.get(name) ?? new Map<string, string>();
    const words = statuses(name);
    for (const [key, word] of words) {
      const text = JSON.stringify(word);
      if (before.get(key) === text) continue;
      before.set(key, text);
      publisher.say(key, word);
    }
    for (const key of before.keys()) {
      if (words.has(key)) continue;
      before.delete(key);
      publisher.say(key, null);
    }
    said.set(name, before);
  }

  function topicsRead(): void {
    for (const { connector, task, meter } of jobs.tasks()) {
      const key = `${connector}-${task}`;
      if (meter.read <= (readBefore.get(key) ?? 0)) continue;
      readBefore.set(key, meter.read);
      for (const topic of new Set([...meter.lag.values()].map((one) => one.topic))) {
        if (view.topics.get(connector)?.has(topic)) continue;
        publisher.say(keys.topic(connector, topic), { topic: { name: topic, connector, task } });
      }
    }
  }

  return {
    job,
    heartbeat: (rest) => {
      if (isSuperseded()) return;
      topicsRead();
      publisher.say(keys.worker(workerId), { group, slot, rest: rest ?? null, generation });
    },
    goodbye: () => {
      if (!isSuperseded()) publisher.say(keys.worker(workerId), null);
    },
    isSuperseded,
  };
}
