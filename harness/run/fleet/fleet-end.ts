/**
 * At which event time the load of all workers ends. A cut reaches them at different moments, and each may be past it:
 * then all go on to the latest end. Pure; `fleet.ts` talks to the workers.
 */
export type FleetEnd = {
  /** A cut that the fleet was told; false when an earlier one asked for as much. */
  readonly cut: (atEventMs: number) => boolean;
  /**
   * A worker's load has ended there. What follows from it once all have: the common end, or which of them must go on
   * to it; they will be heard again.
   */
  readonly ended: (
    worker: number,
    atEventMs: number,
  ) => { readonly agreed: number } | { readonly goOn: readonly number[]; readonly to: number };
  /** The worker is gone: what it said of its end no longer holds. */
  readonly gone: (worker: number) => void;
  /** What a worker that comes later must be told as a cut; undefined: it may send the whole plan. */
  readonly latest: () => number | undefined;
};

export function createFleetEnd(workers: number): FleetEnd {
  const ends = new Map<number, number>();
  let latest = Number.NEGATIVE_INFINITY;

  return {
    cut(atEventMs) {
      if (atEventMs <= latest) return false;
      latest = atEventMs;
      return true;
    },
    ended(worker, atEventMs) {
      ends.set(worker, atEventMs);
      latest = Math.max(latest, atEventMs);
      const to = Math.max(...ends.values());
      if (ends.size < workers) return { goOn: [], to };
      const goOn = [...ends].filter(([, at]) => at < to).map(([behind]) => behind);
      for (const behind of goOn) ends.delete(behind);
      return goOn.length === 0 ? { agreed: to } : { goOn, to };
    },
    gone: (worker) => void ends.delete(worker),
    latest: () => (latest === Number.NEGATIVE_INFINITY ? undefined : latest),
  };
}
