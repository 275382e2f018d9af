/** A round of a benchmark as a process of its own: neither its compilers nor its memory know of another round. */
import { spawnSync } from "node:child_process";

/**
 * `file`: the benchmark's own, called with `--round ROUND`; it prints its figures as JSON. Errors: whatever ended the
 * round's process; it has said what.
 */
export function runAlone<T>(file: string, round: string): T {
  const { status, stdout } = spawnSync(process.execPath, ["--expose-gc", file, "--round", round], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the round ${round} ended with status ${status}`);
  return JSON.parse(stdout) as T;
}
