/** Commands as they come, for a worker that asks for the next one it can obey now; others of its kinds wait. */
import type { WorkerCommand } from "./worker-protocol.ts";

type CommandOf<T extends WorkerCommand["type"]> = Extract<WorkerCommand, { readonly type: T }>;

export type CommandQueue = {
  readonly add: (command: WorkerCommand) => void;
  /** The next command of one of these types, in order of coming; undefined once the signal is aborted. */
  readonly next: <T extends WorkerCommand["type"]>(
    ...types: readonly T[]
  ) => Promise<CommandOf<T> | undefined>;
};

export function createCommandQueue(signal: AbortSignal): CommandQueue {
  const waiting: WorkerCommand[] = [];
  let wake: () => void = () => undefined;
  signal.addEventListener("abort", () => wake(), { once: true });

  async function next<T extends WorkerCommand["type"]>(
    ...types: readonly T[]
  ): Promise<CommandOf<T> | undefined> {
    const wanted = (command: WorkerCommand): command is CommandOf<T> =>
      (types as readonly string[]).includes(command.type);
    while (!signal.aborted) {
      const at = waiting.findIndex(wanted);
      if (at >= 0) return waiting.splice(at, 1)[0] as CommandOf<T>;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    return undefined;
  }

  return {
    next,
    add: (command) => {
      waiting.push(command);
      wake();
    },
  };
}
