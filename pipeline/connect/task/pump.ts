/**
 * From one topic's log into the store: two batches are written at a time and one is read ahead, no
 * further, so that a slow store slows the reading down.
 */
import { KafkaError } from "../../kafka/port.ts";
import type { Work } from "./assignment-work.ts";
import { type BatchesUnderWay, createBatchesUnderWay } from "./batches-under-way.ts";
import { commitNow } from "./commit-now.ts";
import { compileTopic } from "./convert-records.ts";
import { firstOffsets } from "./first-offsets.ts";
import { insist } from "./insist.ts";
import { TaskError } from "./task-error.ts";
import { createTopicReader, type ReadBatch, type TopicReader } from "./topic-reader.ts";

/** What the fetch ahead came to; never a rejection, which nobody might be waiting for. */
type Ahead =
  | { readonly kind: "batch"; readonly batch: ReadBatch }
  | { readonly kind: "ended" }
  | { readonly kind: "broken"; readonly error: unknown };

/** Until the work ends. Errors: `TaskError`, and `KafkaError` that is no use to ask again. */
export async function pump(
  topic: string,
  partitions: readonly number[],
  work: Work,
): Promise<void> {
  await whilePaused(work);
  const reader = await openReader(topic, partitions, work);
  if (reader === undefined) return;
  const underWay = createBatchesUnderWay(topic, work);
  try {
    await pumpBatches(topic, reader, underWay, work);
  } finally {
    // After a failure: what is still being written is not waited for longer than at any end.
    work.end();
    await underWay.settled();
  }
}

async function pumpBatches(
  topic: string,
  reader: TopicReader,
  underWay: BatchesUnderWay,
  work: Work,
): Promise<void> {
  const { ending, pause } = work;
  let ahead = fetchAhead(reader, work);
  for (;;) {
    const fetched = await underWay.finishUntil(ahead);
    if (fetched === "given-up") return;
    if (fetched.kind !== "batch" || ending.aborted || pause.isPaused()) {
      if (!(await underWay.finishAll())) return;
      if (fetched.kind === "broken") throw explain(fetched.error, topic);
      if (fetched.kind === "ended") return;
      await whilePaused(work);
      if (ending.aborted) return;
    }
    const { batch } = fetched;
    ahead = batch.fault === undefined ? fetchAhead(reader, work) : nothingMore;
    await underWay.begin(batch);
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

function explain(error: unknown, topic: string): unknown {
  if (!(error instanceof KafkaError) || error.code !== "offset-out-of-range") return error;
  const message =
    `${topic} no longer holds the records at the committed offsets: retention cut what is not ` +
    "stored. Rebuild from an older source, or reset the job's offsets to go on without them";
  return new TaskError("records-lost", message, { cause: error });
}
