/**
 * One transaction: everything that the folded log makes due, the rejections, the checkpoints that are due, and
 * the offsets up to which the log was folded. All of it becomes visible, or nothing.
 */
import type { AggregatorPoint } from "../crash-points.ts";
import type { Assignment, Kafka, PartitionOffset, TransactionalProducer } from "../kafka/port.ts";
import type { BatchDraft } from "../kafka/wire/batch-writer.ts";
import { dueCheckpoints, handOverCheckpoints } from "./checkpoint-due.ts";
import { type CheckpointName, writeCheckpointName } from "./checkpoint-name.ts";
import { packState } from "./checkpoint-packing.ts";
import { appendCheckpoint, fingerprintOf } from "./checkpoint-records.ts";
import { writeState } from "./checkpoint-state.ts";
import type { AggregatorConfig } from "./config.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { type Counts, emptyCounts, type PartitionState } from "./partition-state.ts";

export type CommitPorts = {
  readonly kafka: Kafka;
  readonly config: AggregatorConfig;
  readonly partitions: number;
  readonly crash: (name: AggregatorPoint) => Promise<void>;
};

/** `hand-over`: the partitions may go to another instance after it. */
export type CommitOccasion = "regular" | "hand-over";

/**
 * Commits what `states` hold; returns what was committed by then, or undefined when there was nothing to do.
 * Errors: those of the producer: it is of no more use then, and the states are ahead of the log.
 */
export async function commitStates(
  ports: CommitPorts,
  producer: TransactionalProducer,
  assignment: Assignment,
  states: readonly PartitionState[],
  now: number,
  occasion: CommitOccasion,
): Promise<readonly Counts[] | undefined> {
  const { config, crash } = ports;
  const { topics } = config;
  const handed = occasion === "hand-over" ? handOverCheckpoints(states) : [];
  const moved = states.filter((state) => hasNews(state) || handed.includes(state));
  if (moved.length === 0) return undefined;

  await crash("before-outputs");
  await all(moved, async (state) => {
    state.counts.emitted += state.aggregated.records();
    await sendAll(producer, topics.aggregated, state.partition, state.aggregated);
    await sendAll(producer, topics.rejected, state.partition, state.rejected);
  });
  await crash("after-outputs");
  const due = [...new Set([...dueCheckpoints(moved, config.checkpointEvery, now), ...handed])];
  if (due.length > 0) {
    await crash("before-checkpoint");
    await sendCheckpoints(ports, producer, due);
    for (const state of due) state.checkpointDueAt = now + config.checkpointEvery;
    await crash("after-checkpoint");
  }

  const offsets = moved.map((state) => offsetOf(topics.raw, state));
  await crash("before-commit");
  await producer.commit(assignment, offsets, () => crash("after-offsets"));
  await crash("after-commit");
  return moved.map((state, index) => {
    const { offset, metadata } = offsets[index]!;
    state.committed = { offset, metadata };
    state.committedRecordAtMs = state.newestRecordAtMs;
    const { counts } = state;
    state.counts = emptyCounts();
    return counts;
  });
}

function hasNews(state: PartitionState): boolean {
  return state.position !== (state.committed?.offset ?? 0) || state.aggregated.records() > 0;
}

async function sendCheckpoints(
  ports: CommitPorts,
  producer: TransactionalProducer,
  due: readonly PartitionState[],
): Promise<void> {
  const { kafka, config, partitions } = ports;
  const topic = config.topics.checkpoints;
  const numbers = due.map((state) => state.partition);
  const ends = await kafka.log.endOffsets(topic, numbers, "read_uncommitted");
  const fingerprint = fingerprintOf(config, partitions);
  await all(due, async (state) => {
    const input = state.position;
    const sequence = state.checkpointSequence + 1;
    const outbox = createOutbox();
    const bytes = packState(writeState(state.fold));
    const chunks = appendCheckpoint(outbox, { sequence, input, fingerprint, state: bytes });
    await sendAll(producer, topic, state.partition, outbox);
    const from = ends.get(state.partition) ?? 0;
    state.checkpoint = { sequence, from, chunks, input } satisfies CheckpointName;
    state.checkpointSequence = sequence;
    state.checkpointOwed = false;
    state.recordsSinceCheckpoint = 0;
    state.counts.checkpoints++;
  });
}

function offsetOf(topic: string, state: PartitionState): PartitionOffset {
  const { partition, position, checkpoint } = state;
  const metadata = checkpoint === undefined ? "" : writeCheckpointName(checkpoint);
  return { topic, partition, offset: position, metadata };
}

async function sendAll(
  producer: TransactionalProducer,
  topic: string,
  partition: number,
  outbox: Outbox,
): Promise<void> {
  const drafts: readonly BatchDraft[] = outbox.take();
  for (const draft of drafts) await producer.send(topic, partition, draft);
  outbox.give(drafts);
}

/** Waits for all before it passes the first failure on, so that nothing is still in flight behind it. */
async function all(
  states: readonly PartitionState[],
  act: (state: PartitionState) => Promise<void>,
): Promise<void> {
  const outcomes = await Promise.allSettled(states.map(act));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
