/**
 * A contestant as a process that lives for all its rounds, so that its start and its compiler weigh only on the first,
 * and nothing of it on another contestant: it takes a round as a line of standard input and prints its figures.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export type RoundsProcess = AsyncDisposable & {
  /**
   * `read` is given each line of the output until it returns something. Errors: what `read` throws; the process's end.
   */
  readonly ask: <T>(line: string, read: (output: string) => T | undefined) => Promise<T>;
};

/** It ends with its standard input, or when the signal is aborted. */
export function startRounds(
  name: string,
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): RoundsProcess {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], signal });
  child.on("error", () => undefined); // Ended with the benchmark; its output ends then, too.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line, read) {
      child.stdin.write(`${line}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${name} ended before its round did`);
        const answer = read(value);
        if (answer !== undefined) return answer;
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
