/**
 * A server over all its lives, as one process: one that a fault ends is started again, and whoever watches, suspends or
 * meters it goes on with the next life. An end that nobody asked for is its death.
 */
import type { Exit, Usage, WatchedProcess } from "../process/owned-process.ts";

export type ServerLives<Process extends WatchedProcess> = {
  /** Always the present life; `exited` resolves with its death, not with an end that was asked for. */
  readonly process: WatchedProcess;
  readonly present: () => Process;
  /** From now on, until the next life begins, its end is no death. */
  readonly expectEnd: () => void;
  readonly next: (process: Process) => void;
};

export function createLives<Process extends WatchedProcess>(first: Process): ServerLives<Process> {
  const { promise: exited, resolve: died } = Promise.withResolvers<Exit>();
  let present = first;
  let isEndAsked = false;
  let past: Usage = { cpuSeconds: 0, maxRssBytes: 0 };

  const usage = (): Usage => {
    const { cpuSeconds, maxRssBytes } = present.usage();
    return {
      cpuSeconds: past.cpuSeconds + cpuSeconds,
      maxRssBytes: Math.max(past.maxRssBytes, maxRssBytes),
    };
  };
  const watch = (process: Process): void => {
    void process.exited.then((exit) => {
      if (process === present && !isEndAsked) died(exit);
    });
  };
  watch(first);
  return {
    process: {
      name: first.name,
      get pid() {
        return present.pid;
      },
      exited,
      get running() {
        return present.running;
      },
      kill: (signal) => present.kill(signal),
      usage,
    },
    present: () => present,
    expectEnd() {
      isEndAsked = true;
    },
    next(process) {
      past = usage();
      present = process;
      isEndAsked = false;
      watch(process);
    },
  };
}
