/** Which checkpoint a committed offset belongs to: the offset's metadata says it, in at most 200 bytes. */

export type CheckpointName = {
  /** Counts the checkpoints of a partition; its last bit is the slot of the keys. */
  readonly sequence: number;
  /** The checkpoint's records lie at this offset of the checkpoint topic or behind it. */
  readonly from: number;
  /** Records it is split into. */
  readonly chunks: number;
  /** Raw offset up to which its state is folded. */
  readonly input: number;
};

/** Raised whenever the name or the state is written differently. */
export const checkpointFormat = 2;

export function writeCheckpointName(name: CheckpointName): string {
  const { sequence, from, chunks, input } = name;
  return JSON.stringify({ v: checkpointFormat, sequence, from, chunks, input });
}

/** The name in an offset's metadata, or undefined when there is none or it is not ours: an operator's reset. */
export function readCheckpointName(metadata: string): CheckpointName | undefined {
  let value: unknown;
  try {
    value = JSON.parse(metadata);
  } catch {
    return undefined; // Whoever reset the offsets wrote something else, or nothing.
  }
  const name = value as (CheckpointName & { readonly v: number }) | null;
  if (name?.v !== checkpointFormat) return undefined;
  const { sequence, from, chunks, input } = name;
  if (
    ![sequence, from, chunks, input].every((field) => Number.isSafeInteger(field) && field >= 0)
  ) {
    return undefined;
  }
  return { sequence, from, chunks, input };
}
