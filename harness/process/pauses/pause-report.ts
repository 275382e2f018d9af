/**
 * What a Node process tells its harness once a second of the pauses it made: how late its event loop was, and how long
 * its garbage collector held it. Since the report before; nothing is summed up where it can be lost. No schema here: this
 * is loaded into every process of a run.
 */

/**
 * `minor`: the young generation. `major`: all of it. `other`: steps of incremental marking, weak callbacks; of a JVM,
 * the two short stops of a concurrent mark (remark, cleanup).
 */
export const collectionKinds = ["minor", "major", "other"] as const;
export type CollectionKind = (typeof collectionKinds)[number];

/** Pauses of one kind: how many, how long together, the longest. */
export type Collections = {
  readonly count: number;
  readonly totalMs: number;
  readonly maxMs: number;
};

export type CollectionsByKind = Readonly<Partial<Record<CollectionKind, Collections>>>;

export type PauseReport = {
  readonly type: "pauses";
  /** A sample a look: by how much later than its timer asked for, milliseconds. */
  readonly lateMs: readonly number[];
  /** Only kinds that there were. */
  readonly collections: CollectionsByKind;
};

export function addCollections(a: Collections | undefined, b: Collections): Collections {
  if (a === undefined) return b;
  return {
    count: a.count + b.count,
    totalMs: a.totalMs + b.totalMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
  };
}

/** One more pause of that kind. */
export function withPause(
  sums: CollectionsByKind,
  kind: CollectionKind,
  ms: number,
): CollectionsByKind {
  return { ...sums, [kind]: addCollections(sums[kind], { count: 1, totalMs: ms, maxMs: ms }) };
}
