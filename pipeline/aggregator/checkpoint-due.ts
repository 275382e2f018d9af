/**
 * Which partitions write a checkpoint with the next transaction: as seldom as keeps re-folding short, and never for more
 * than a tenth of the input's bytes.
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
