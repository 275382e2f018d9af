/**
 * What a task does with the partitions of one assignment, until they are taken back or the task
 * ends. Each topic is read, written and noted in a pump of its own; the next batch is fetched while
 * one is written, and no further: a slow store slows the reading down.
 */
import { type Assignment, KafkaError } from "../../kafka/port.ts";
import { compileTopic } from "./convert-records.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { endings } from "./endings.ts";
import { firstOffsets } from "./first-offsets.ts";
import { insist } from "./insist.ts";
import { createLagKeeper, type LagKeeper } from "./lag.ts";
import { createOffsetCommits, type OffsetCommits } from "./offset-commits.ts";
import type { PauseGate } from "./pause-gate.ts";
import { storeBatch } from "./store-batch.ts";
import type { SinkTaskOptions } from "./task.ts";
import { TaskError } from "./task-error.ts";
import type { TaskMeter } from "./task-meter.ts";
import { createTopicReader, type ReadBatch, type TopicReader } from "./topic-reader.ts";
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

/** What the fetch ahead came to; never a rejection, which nobody might be waiting for. */
type Ahead =
  | { readonly kind: "batch"; readonly batch: ReadBatch }
  | { readonly kind: "ended" }
  | { readonly kind: "broken"; readonly error: unknown };

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
  if (running.length === 0) running.push(untilAborted(ending));
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

async function pump(topic: string, partitions: readonly number[], work: Work): Promise<void> {
  const { ending } = work;
  await whilePaused(work);
  const reader = await openReader(topic, partitions, work);
  if (reader === undefined) return;
  let ahead = fetchAhead(reader, work);
  for (;;) {
    const fetched = await ahead;
    if (fetched.kind === "broken") throw explain(fetched.error, topic);
    if (fetched.kind === "ended") return;
    await whilePaused(work);
    if (ending.aborted) return;
    const { batch } = fetched;
    ahead = batch.fault === undefined ? fetchAhead(reader, work) : nothingMore;
    if (!(await storeBatch(topic, batch, work))) return;
    if (work.commits.isDue()) await commitNow(work);
  }
}

const nothingMore: Promise<Ahead> = Promise.resolve({ kind: "ended" });

async function fetchAhead(reader: TopicReader, work: Work): Promise<Ahead> {
  const { ending } = work;
  try {
    const batch = await insist(() => reader.read(ending), { ...work, signal: ending });
    return batch === undefined ? { kind: "ended" } : { kind: "batch", batch };
  } catch (error) {
    return { kind: "broken", error };
  }
}

/** Nothing is read or written; what is stored is committed first. */
async function whilePaused(work: Work): Promise<void> {
  const { pause, ending } = work;
  if (!pause.isPaused()) return;
  await commitNow(work);
  while (pause.isPaused() && !ending.aborted) await pause.opened(ending);
}

async function openReader(
  topic: string,
  partitions: readonly number[],
  work: Work,
): Promise<TopicReader | undefined> {
  const { kafka, config, clock } = work;
  const from = await firstOffsets(topic, partitions, work);
  if (from === undefined) return undefined;
  work.lag.begin(topic, from);
  const { policy, tolerance } = config.errors;
  return createTopicReader({
    log: kafka.log,
    topic,
    from,
    convert: compileTopic(topic, config, clock.now),
    limits: config.consumer,
    skips: policy === "NOOP" || tolerance === "all",
  });
}

async function commitNow({ commits, crashPoint, end }: Work): Promise<void> {
  await crashPoint?.("before-commit");
  if ((await commits.commit()) === "evicted") end();
  await crashPoint?.("after-commit");
}

function explain(error: unknown, topic: string): unknown {
  if (!(error instanceof KafkaError) || error.code !== "offset-out-of-range") return error;
  const message =
    `${topic} no longer holds the records at the committed offsets: retention cut what is not ` +
    "stored. Rebuild from an older source, or reset the job's offsets to go on without them";
  return new TaskError("records-lost", message, { cause: error });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}
