/**
 * Runs the pipeline's own entry as this command: its output is ours, signals go to it, its exit
 * code is passed on.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { entryFiles } from "../run/entry-file.ts";
import { exitCodes } from "./exit-codes.ts";

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves with the exit code; of a child that a signal ended, 128 and its number. */
export function runInForeground(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [entryFiles.job, ...args], {
    // A group of its own: Ctrl-C comes to it once, from us. The channel tells it when we are gone.
    detached: true,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // A terminal that is closed is no reason to end less well than by Ctrl-C.
  const onSignal = (signal: NodeJS.Signals): void =>
    void child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  for (const signal of passedOn) process.on(signal, onSignal);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve(code ?? (signal === null ? exitCodes.internal : 128 + constants.signals[signal]));
    });
  }).finally(() => {
    for (const signal of passedOn) process.off(signal, onSignal);
  });
}
