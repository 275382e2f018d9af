/**
 * What a task does with the partitions of one assignment, until they are taken back or the task ends. Each
 * topic is read, written and noted in a pump of its own; the next batch is fetched while one is written,
 * and no further: a slow store slows the reading down.
 */
import { type Assignment, KafkaError } from "../kafka/port.ts";
import type { RetryPolicy } from "./config.ts";
import { endings } from "./endings.ts";
import { insist } from "./insist.ts";
import { createOffsetCommits, type OffsetCommits } from "./offset-commits.ts";
import { compileStatement } from "./record-to-write.ts";
import type { SinkTaskOptions } from "./task.ts";
import { describeRecord, TaskError } from "./task-error.ts";
import { createTopicReader, type ReadBatch, type TopicReader } from "./topic-reader.ts";
import { type WriteCounts, writeUntilStored } from "./write-until-stored.ts";

/** A crash writes at most the records of so many milliseconds again. */
const commitEveryMs = 1_000;

type Work = Omit<SinkTaskOptions, "signal"> & {
  readonly assignment: Assignment;
  readonly commits: OffsetCommits;
  readonly counts: WriteCounts;
  readonly retry: RetryPolicy;
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
export async function workAssignment(
  assignment: Assignment,
  options: SinkTaskOptions,
  counts: WriteCounts,
): Promise<void> {
  const { kafka, clock, log, signal } = options;
  using ends = endings(signal, assignment.revoked, clock);
  const commits = createOffsetCommits({
    groups: kafka.groups,
    assignment,
    clock,
    log,
    everyMs: commitEveryMs,
  });
  const { ending, abandon, end } = ends;
  const { retry } = options.config;
  const work: Work = { ...options, assignment, commits, counts, retry, ending, abandon, end };
  const pumps = [...assignment.partitions].map(async ([topic, partitions]) => {
    try {
      await pump(topic, partitions, work);
    } finally {
      end(); // One pump that stops stops them all: normally because the assignment ends.
    }
  });
  const failure = (await Promise.allSettled(pumps)).find(({ status }) => status === "rejected");
  const error = failure?.status === "rejected" ? failure.reason : undefined;
  // After a failure of its own the task still commits what is stored; after a crash it does nothing more.
  if (error === undefined || error instanceof TaskError) {
    if (!ends.isLost()) await commitNow(work);
  }
  if (error !== undefined) throw error;
}

async function pump(topic: string, partitions: readonly number[], work: Work): Promise<void> {
  const { ending, crashPoint } = work;
  if (partitions.length === 0) return untilAborted(ending);
  const reader = await openReader(topic, partitions, work);
  if (reader === undefined) return;
  let ahead = fetchAhead(reader, work);
  for (;;) {
    const fetched = await ahead;
    if (fetched.kind === "broken") throw explain(fetched.error, topic);
    if (fetched.kind === "ended" || ending.aborted) return;
    const { batch } = fetched;
    ahead = batch.fault === undefined ? fetchAhead(reader, work) : ended;
    if (batch.writes.length > 0) await crashPoint?.("before-write");
    if (!(await writeUntilStored(batch.writes, work))) return;
    if (batch.writes.length > 0) await crashPoint?.("after-write");
    work.commits.note(topic, batch.offsets);
    if (batch.fault !== undefined) throw unreadable(batch.fault);
    if (work.commits.isDue()) await commitNow(work);
  }
}

const ended: Promise<Ahead> = Promise.resolve({ kind: "ended" });

async function fetchAhead(reader: TopicReader, work: Work): Promise<Ahead> {
  const { ending } = work;
  try {
    const batch = await insist(() => reader.read(ending), { ...work, signal: ending });
    return batch === undefined ? { kind: "ended" } : { kind: "batch", batch };
  } catch (error) {
    return { kind: "broken", error };
  }
}

/** From the committed offsets; a partition without one is read from its first record on. */
async function openReader(
  topic: string,
  partitions: readonly number[],
  work: Work,
): Promise<TopicReader | undefined> {
  const { kafka, config, assignment, ending } = work;
  const patience = { ...work, signal: ending };
  const committed = await insist(
    () => kafka.groups.committed(assignment.group, topic, partitions, ending),
    patience,
  );
  const fresh = partitions.filter((partition) => committed?.has(partition) === false);
  const starts = await insist(() => kafka.log.startOffsets(topic, fresh), patience);
  if (committed === undefined || starts === undefined) return undefined;
  const from = new Map(starts);
  for (const [partition, { offset }] of committed) from.set(partition, offset);
  const convert = config.statements
    .filter((statement) => statement.topic === topic)
    .map((statement) => compileStatement(statement, config.fields));
  return createTopicReader({ log: kafka.log, topic, from, convert });
}

async function commitNow({ commits, crashPoint, end }: Work): Promise<void> {
  await crashPoint?.("before-commit");
  if ((await commits.commit()) === "evicted") end();
  await crashPoint?.("after-commit");
}

function unreadable({ record, message }: NonNullable<ReadBatch["fault"]>): TaskError {
  const text = `${describeRecord(record)} cannot be stored: ${message}`;
  return new TaskError("unreadable-record", text, { record });
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
