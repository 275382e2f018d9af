/** Finds a checkpoint in its topic: the one that an offset's metadata names, or the one of a raw offset. */
import type { Clock } from "../clock.ts";
import type { Log } from "../kafka/port.ts";
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

/** Reads the topic's partition to its end. Only committed checkpoints count. */
export async function findCheckpoint(
  log: Log,
  clock: Clock,
  search: CheckpointSearch,
  signal: AbortSignal,
): Promise<CheckpointFound> {
  const { topic, partition, wanted } = search;
  const start = (await log.startOffsets(topic, [partition])).get(partition) ?? 0;
  const until = (await log.endOffsets(topic, [partition], "read_committed")).get(partition) ?? 0;
  const reader = createCheckpointReader();
  const filter = createCommittedFilter();
  const record = emptyRecord();
  const inputs: number[] = [];
  let checkpoint: Checkpoint | undefined;
  let position = Math.max(search.from, start);
  await readStretch(
    log,
    clock,
    { topic, partition, from: position, until },
    (fetched) => {
      position = filter(fetched, position, (batch) => {
        for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
          const whole = record.offset < search.from ? undefined : reader.take(record);
          if (whole === undefined) continue;
          inputs.push(whole.input);
          if (wanted(whole)) checkpoint = whole;
        }
      });
      return position;
    },
    signal,
  );
  return { checkpoint, inputs };
}
