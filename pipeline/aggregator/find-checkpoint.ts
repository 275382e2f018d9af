/** Finds a checkpoint in its topic: the one that an offset's metadata names, or the one of a raw offset. */
import type { Clock } from "../clock.ts";
import type { FetchedPartition, Log } from "../kafka/port.ts";
import { createCommittedFilter } from "../kafka/read-committed.ts";
import { emptyRecord, firstRecord, nextRecord } from "../kafka/wire/record-cursor.ts";
import { type Checkpoint, createCheckpointReader } from "./checkpoint-records.ts";
import { readStretch } from "./read-stretch.ts";

export type CheckpointSearch = {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the checkpoint topic to begin at. */
  readonly from: number;
  readonly wanted: (checkpoint: Checkpoint) => boolean;
};

export type CheckpointFound = {
  /** The newest that was wanted. */
  readonly checkpoint: Checkpoint | undefined;
  /** Raw offsets of all whole checkpoints that were seen, so that an operator can be told. */
  readonly inputs: readonly number[];
};

/**
 * Reads the topic's partition to where its last transaction is decided, and without a result on to
 * its end. Only committed checkpoints count. A broker writes the end of a transaction into each log
 * in its own time: the group's offset can name a checkpoint whose own end is still to come (Kafka
 * 4.1: after 5 of 1,000 commits read back at once). Errors: those of `readStretch`; `unavailable`
 * when a transaction stays open for longer than its patience.
 */
export async function findCheckpoint(
  log: Log,
  clock: Clock,
  search: CheckpointSearch,
  signal: AbortSignal,
): Promise<CheckpointFound> {
  const { topic, partition, wanted } = search;
  const start = (await log.startOffsets(topic, [partition])).get(partition) ?? 0;
  const decided = (await log.endOffsets(topic, [partition], "read_committed")).get(partition) ?? 0;
  const end = (await log.endOffsets(topic, [partition], "read_uncommitted")).get(partition) ?? 0;
  const reader = createCheckpointReader();
  const filter = createCommittedFilter();
  const record = emptyRecord();
  const inputs: number[] = [];
  let checkpoint: Checkpoint | undefined;
  let position = Math.max(search.from, start);
  const take = (fetched: FetchedPartition): number => {
    position = filter(fetched, position, (batch) => {
      for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
        const whole = record.offset < search.from ? undefined : reader.take(record);
        if (whole === undefined) continue;
        inputs.push(whole.input);
        if (wanted(whole)) checkpoint = whole;
      }
    });
    return position;
  };
  for (const until of [decided, end]) {
    const stretch = { topic, partition, from: position, until };
    if (checkpoint === undefined) await readStretch(log, clock, stretch, take, signal);
  }
  return { checkpoint, inputs };
}
