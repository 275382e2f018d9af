/**
 * Whether a task may read and write now. While it may not, it keeps its membership and its
 * partitions.
 */
export type PauseGate = {
  readonly isPaused: () => boolean;
  /**
   * Resolves when work may go on, or when the signal is aborted: ask again which. Never rejects.
   */
  readonly opened: (signal: AbortSignal) => Promise<void>;
};

/** A gate that is never shut. */
export const alwaysOpen: PauseGate = {
  isPaused: () => false,
  opened: () => Promise.resolve(),
};

export type Pause = PauseGate & {
  readonly pause: () => void;
  readonly resume: () => void;
};

export function createPause(paused = false): Pause {
  let shut = paused;
  const waiting = new Set<() => void>();
  return {
    isPaused: () => shut,
    opened: (signal) =>
      new Promise((resolve) => {
        if (!shut || signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener("abort", done, { once: true });
      }),
    pause: () => {
      shut = true;
    },
    resume: () => {
      shut = false;
      for (const done of [...waiting]) done();
    },
  };
}
