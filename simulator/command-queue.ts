/** Commands as they come, for a worker that asks for the next one it can obey now; others of its kinds wait. */
import type { WorkerCommand } from "./worker-protocol.ts";

type CommandOf<T extends WorkerCommand["type"]> = Extract<WorkerCommand, { readonly type: T }>;

export type CommandQueue = {
  readonly add: (command: WorkerCommand) => void;
  /** The next command of one of these types, in order of coming; undefined once the signal is aborted. */
  readonly next: <T extends WorkerCommand["type"]>(
    ...types: readonly T[]
  ) => Promise<CommandOf<T> | undefined>;
  /** Those of this type that have come already, taken out. */
  readonly taken: <T extends WorkerCommand["type"]>(type: T) => readonly CommandOf<T>[];
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

  function taken<T extends WorkerCommand["type"]>(type: T): readonly CommandOf<T>[] {
    const isOne = (command: WorkerCommand): command is CommandOf<T> => command.type === type;
    const found = waiting.filter(isOne);
    waiting.splice(0, Infinity, ...waiting.filter((command) => !isOne(command)));
    return found;
  }

  return {
    next,
    taken,
    add: (command) => {
      waiting.push(command);
      wake();
    },
  };
}
