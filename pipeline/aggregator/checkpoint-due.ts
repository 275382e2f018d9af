/**
 * Which partitions write a checkpoint with the next transaction: as seldom as keeps re-folding short, and never for more
 * than a tenth of the input's bytes; and before partitions change hands, where that makes the successor quicker.
 */
import { packedWindowBytes } from "./checkpoint-packing.ts";
import type { PartitionState } from "./partition-state.ts";

/**
 * Re-folding runs at about a million records a second: a checkpoint every million and a half records of a
 * partition keeps it within seconds even while a backlog is worked off at full speed.
 */
const recordsBetweenCheckpoints = 1_500_000;

/** Checkpoints may cost a tenth of the input's bytes; a reading takes 60 bytes or so. */
const inputBytesPerRecord = 60;
/** A state this small is written in time whatever the input. */
const smallStateBytes = 256 * 1024;
/** However dear a checkpoint is, the log must not be cut before it: so many times late, and it is written. */
const latest = 10;

/**
 * Every owed one, and of the others the one with the longest way to re-fold: each stops the loop for as long as its
 * state takes to write, and many partitions of a large fleet become due at once.
 */
export function dueCheckpoints(
  states: readonly PartitionState[],
  every: number,
  now: number,
): readonly PartitionState[] {
  const owed = states.filter((state) => state.checkpointOwed);
  const [next] = states
    .filter((state) => !state.checkpointOwed && checkpointDue(state, every, now))
    .sort((a, b) => b.recordsSinceCheckpoint - a.recordsSinceCheckpoint);
  return next === undefined ? owed : [...owed, next];
}

/** Re-folding fewer takes some milliseconds: not worth a record in the checkpoints topic. */
const fewRecords = 20_000;
/** Writing a window costs 2.5 µs at most, re-folding a record with its fetch about 1 µs. */
const recordsWorthAWindow = 3;
/** A second of writing, at most: meanwhile nobody serves the partitions. */
const handOverWindowsMax = 400_000;

/**
 * Of partitions that may go to another instance: those whose successor would re-fold longer than a checkpoint takes,
 * the longest way first, as far as a second's writing goes.
 */
export function handOverCheckpoints(states: readonly PartitionState[]): readonly PartitionState[] {
  let windows = 0;
  return states
    .filter(({ recordsSinceCheckpoint: records, fold }) => {
      return records >= fewRecords && records >= recordsWorthAWindow * fold.windows.size;
    })
    .sort((a, b) => b.recordsSinceCheckpoint - a.recordsSinceCheckpoint)
    .filter(({ fold }) => {
      windows += fold.windows.size;
      return windows <= handOverWindowsMax;
    });
}

/** How many checkpoints are owed or due, and wait for a transaction. */
export function waitingCheckpoints(
  states: Iterable<PartitionState>,
  every: number,
  now: number,
): number {
  let waiting = 0;
  for (const state of states) {
    if (state.recordsSinceCheckpoint === 0) continue;
    if (state.checkpointOwed || checkpointDue(state, every, now)) waiting++;
  }
  return waiting;
}

function checkpointDue(state: PartitionState, every: number, now: number): boolean {
  const records = state.recordsSinceCheckpoint;
  const inTime = now < state.checkpointDueAt;
  if (records === 0 || (inTime && records < recordsBetweenCheckpoints)) return false;
  if (now >= state.checkpointDueAt + (latest - 1) * every) return true;
  return estimatedBytes(state) <= Math.max(smallStateBytes, (records * inputBytesPerRecord) / 10);
}

/** Of a checkpoint, roughly: windows with one boot, devices with short names. */
function estimatedBytes({ fold }: PartitionState): number {
  return fold.windows.size * packedWindowBytes;
}
