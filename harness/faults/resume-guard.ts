/**
 * Sends SIGCONT to a process group that stands still when this harness ends without a word, as by `kill -9`: a small
 * process of its own waits for the end of a pipe that only we hold open. A kept server would stand still for ever.
 */
import { spawn } from "node:child_process";

/** Disposed of, the guard ends; SIGCONT comes then, too, and does nothing to a group that goes on already. */
export function guardStopped(groupId: number): Disposable {
  const script = 'read -r _; kill -s CONT -- "-$1"';
  const guard = spawn("sh", ["-c", script, "sh", String(groupId)], {
    detached: true, // Ctrl-C in a terminal must not reach it.
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", () => undefined); // Without a shell there is no guard, and nothing else is lost.
  guard.stdin.on("error", () => undefined); // It has ended before us.
  guard.unref();
  return { [Symbol.dispose]: () => guard.stdin.end() };
}
