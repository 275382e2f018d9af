/**
 * Whoever kills, stops or starts a process of the run holds its name meanwhile: fault steps and replays wait for one
 * another instead of meeting a process that is half started.
 */

export type TargetLocks = {
  /** Waits until every one of these names is free, then works. Errors: those of `work`. */
  readonly hold: <T>(names: readonly string[], work: () => Promise<T>) => Promise<T>;
};

export function createTargetLocks(): TargetLocks {
  const last = new Map<string, Promise<void>>();
  return {
    async hold(names, work) {
      const before = names.map((name) => last.get(name));
      const { promise, resolve } = Promise.withResolvers<void>();
      // All names are queued for in one turn of the event loop: two holders never wait for each other.
      for (const name of names) last.set(name, promise);
      try {
        await Promise.all(before);
        return await work();
      } finally {
        resolve();
      }
    },
  };
}
