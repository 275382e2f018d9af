/**
 * Rebuilds a partition's state from what the group committed: the checkpoint that the offset's metadata names,
 * and the input between it and the offset, folded without emitting. Where that is impossible the job stops and
 * says what would be lost; it never begins somewhere near.
 */
import type { Clock } from "../clock.ts";
import type { CommittedOffset, Log } from "../kafka/port.ts";
import { AggregatorError } from "./aggregator-error.ts";
import { type CheckpointName, readCheckpointName } from "./checkpoint-name.ts";
import { unpackState } from "./checkpoint-packing.ts";
import { type Checkpoint, fingerprintOf } from "./checkpoint-records.ts";
import { readState } from "./checkpoint-state.ts";
import type { AggregatorConfig } from "./config.ts";
import { findCheckpoint } from "./find-checkpoint.ts";
import { createPartitionState, type PartitionState, refoldFetched } from "./partition-state.ts";
import { readStretch } from "./read-stretch.ts";

export type RecoveryPorts = {
  readonly log: Log;
  readonly clock: Clock;
  readonly config: AggregatorConfig;
  /** Partitions of the raw topic. */
  readonly partitions: number;
};

/**
 * The state as of `committed` (undefined: the group has no offset here, so it begins at 0 with nothing).
 * Errors: `AggregatorError` of code `checkpoint`, `offset` or `log-cut`; those of the log.
 */
export async function recoverPartition(
  ports: RecoveryPorts,
  partition: number,
  committed: CommittedOffset | undefined,
  signal: AbortSignal,
): Promise<PartitionState> {
  const { config, partitions } = ports;
  const state = createPartitionState(config, partition, partitions);
  const name = committed === undefined ? undefined : readCheckpointName(committed.metadata);
  const offset = committed?.offset ?? 0;
  if (name !== undefined) {
    const checkpoint = await named(ports, partition, name, signal);
    restore(ports, state, checkpoint);
    state.checkpoint = name;
    state.checkpointOwed = false;
  } else if (offset !== 0) {
    // An operator's reset: only a checkpoint knows what a state at this offset was.
    restore(ports, state, await atOffset(ports, partition, offset, signal));
  }
  await refold(ports, state, offset, signal);
  state.committed = committed;
  state.committedRecordAtMs = state.newestRecordAtMs;
  return state;
}

async function named(
  ports: RecoveryPorts,
  partition: number,
  name: CheckpointName,
  signal: AbortSignal,
): Promise<Checkpoint> {
  const topic = ports.config.topics.checkpoints;
  const wanted = (candidate: Checkpoint): boolean =>
    candidate.sequence === name.sequence &&
    candidate.input === name.input &&
    candidate.chunks === name.chunks;
  const search = { topic, partition, from: name.from, wanted };
  const { checkpoint } = await findCheckpoint(ports.log, ports.clock, search, signal);
  if (checkpoint !== undefined) return checkpoint;
  throw new AggregatorError(
    "checkpoint",
    `${topic}/${partition} no longer holds checkpoint ${name.sequence}, which the committed offset names: ` +
      `the windows open at raw offset ${name.input} would be lost. To aggregate all that the raw topic ` +
      `still has, stop the group "${ports.config.group}" and reset its offset to 0`,
  );
}

async function atOffset(
  ports: RecoveryPorts,
  partition: number,
  offset: number,
  signal: AbortSignal,
): Promise<Checkpoint> {
  const topic = ports.config.topics.checkpoints;
  const wanted = (candidate: Checkpoint): boolean => candidate.input === offset;
  const search = { topic, partition, from: 0, wanted };
  const { checkpoint, inputs } = await findCheckpoint(ports.log, ports.clock, search, signal);
  if (checkpoint !== undefined) return checkpoint;
  throw new AggregatorError(
    "offset",
    `raw partition ${partition} was reset to offset ${offset}, where no state is known: the windows open ` +
      "there would lose their earlier readings and duplicates would be folded again. Reset it to 0" +
      `${inputs.length === 0 ? "" : ` or to a checkpoint's own offset (${inputs.join(", ")})`}`,
  );
}

function restore(ports: RecoveryPorts, state: PartitionState, checkpoint: Checkpoint): void {
  const expected = fingerprintOf(ports.config, ports.partitions);
  if (checkpoint.fingerprint !== expected) {
    throw new AggregatorError(
      "checkpoint",
      `raw partition ${state.partition}: the checkpoint was made with ${checkpoint.fingerprint}, the file ` +
        `says ${expected}. Other window settings need another group (and another aggregated topic)`,
    );
  }
  readState(unpackState(checkpoint.state), state.fold);
  state.position = checkpoint.input;
  // The successor takes the other slot, whatever becomes of it.
  state.checkpointSequence = checkpoint.sequence;
}

async function refold(
  ports: RecoveryPorts,
  state: PartitionState,
  until: number,
  signal: AbortSignal,
): Promise<void> {
  const { log, clock, config } = ports;
  const topic = config.topics.raw;
  const { partition, position: from } = state;
  const start = (await log.startOffsets(topic, [partition])).get(partition) ?? 0;
  if (start > from) throw logCut(topic, partition, from, start);
  const end = (await log.endOffsets(topic, [partition], "read_uncommitted")).get(partition) ?? 0;
  if (until > end || until < from) {
    throw new AggregatorError(
      "offset",
      `${topic}/${partition}: the group committed offset ${until}, but the state reaches back to ${from} and ` +
        `the log ends at ${end}: the topic was made anew, or has lost its end. Reset the group to 0`,
    );
  }
  state.endOffset = end;
  const stretch = { topic, partition, from, until };
  await readStretch(
    log,
    clock,
    stretch,
    (fetched) => {
      refoldFetched(state, fetched, until);
      return state.position;
    },
    signal,
  );
}

/** The log starts past what has to be folded next. */
export function logCut(
  topic: string,
  partition: number,
  from: number,
  start: number,
  cause?: unknown,
): AggregatorError {
  return new AggregatorError(
    "log-cut",
    `${topic}/${partition} starts at offset ${start}, but offset ${from} is wanted: the readings at ` +
      `${from}–${start - 1} were deleted before they were aggregated, and would be missing without a trace. ` +
      "Re-aggregate into new topics, or restore the raw topic",
    cause,
  );
}
