/**
 * What a store itself counted of the writes that reached it: the proof that a replay was no empty
 * gesture.
 */

export type StoreEvidence = {
  readonly store: string;
  /** Writes that arrived at the store so far, whether or not they changed anything. */
  readonly writes: number;
  /** Of these the ones that were refused as not newer; null where the store does not count them. */
  readonly notNewer: number | null;
};

/** Between two looks. A counter that went back was reset: then nothing is proven. */
export function evidenceBetween(before: StoreEvidence, after: StoreEvidence): StoreEvidence {
  const known = before.notNewer !== null && after.notNewer !== null;
  return {
    store: after.store,
    writes: Math.max(0, after.writes - before.writes),
    notNewer: known ? Math.max(0, after.notNewer! - before.notNewer!) : null,
  };
}
