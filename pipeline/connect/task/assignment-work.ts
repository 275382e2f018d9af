/**
 * What a task does with the partitions of one assignment, until they are taken back or the task
 * ends. Each topic is read, written and noted in a pump of its own.
 */
import { aborted } from "../../aborted.ts";
import type { Assignment } from "../../kafka/port.ts";
import { commitNow } from "./commit-now.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { endings } from "./endings.ts";
import { createLagKeeper, type LagKeeper } from "./lag.ts";
import { createOffsetCommits, type OffsetCommits } from "./offset-commits.ts";
import type { PauseGate } from "./pause-gate.ts";
import { pump } from "./pump.ts";
import type { SinkTaskOptions } from "./task.ts";
import { TaskError } from "./task-error.ts";
import type { TaskMeter } from "./task-meter.ts";
import { watchLag } from "./watch-lag.ts";

/** A crash writes at most the records of so many milliseconds again. */
const commitEveryMs = 1_000;

/** What the task has made before its first assignment. */
type TaskParts = Omit<SinkTaskOptions, "meter" | "pause"> & {
  readonly meter: TaskMeter;
  readonly pause: PauseGate;
  readonly deadLetters: DeadLetters | "none";
};

export type Work = Omit<TaskParts, "signal"> & {
  readonly assignment: Assignment;
  readonly commits: OffsetCommits;
  readonly lag: LagKeeper;
  readonly ending: AbortSignal;
  readonly abandon: AbortSignal;
  /** Ends the work from within. */
  readonly end: () => void;
};

/** Errors: `TaskError`, and `KafkaError` that is no use to ask again. */
export async function workAssignment(assignment: Assignment, parts: TaskParts): Promise<void> {
  const { kafka, clock, log, meter, signal } = parts;
  using ends = endings(signal, assignment.revoked, clock);
  const { groups } = kafka;
  const everyMs = commitEveryMs;
  const commits = createOffsetCommits({ groups, assignment, clock, log, meter, everyMs });
  const lag = createLagKeeper(meter, assignment.partitions);
  const { ending, abandon, end } = ends;
  const work: Work = { ...parts, assignment, commits, lag, ending, abandon, end };
  const running = [...assignment.partitions].flatMap(([topic, partitions]) => {
    if (partitions.length === 0) return [];
    return [pump(topic, partitions, work), watchLag(topic, partitions, work)];
  });
  // More tasks than partitions: to ask again at once would be a rebalance for everyone.
  if (running.length === 0) running.push(aborted(ending));
  // One part that stops stops them all: normally because the assignment ends.
  const ended = running.map((one) => one.finally(end));
  const failure = (await Promise.allSettled(ended)).find(({ status }) => status === "rejected");
  const error = failure?.status === "rejected" ? failure.reason : undefined;
  // After a failure of its own the task still commits what is stored; after a crash nothing more.
  if (error === undefined || error instanceof TaskError) {
    if (!ends.isLost()) await commitNow(work);
  }
  if (error !== undefined) throw error;
}
