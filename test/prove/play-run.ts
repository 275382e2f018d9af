/** Plays a run as a user would: by `fleetproof run`, and reads from its folder what came of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Summary } from "../../harness/report/summary-json.ts";

const bin = fileURLToPath(new URL("../../harness/cli/fleetproof.js", import.meta.url));

export type PlayedRun = {
  readonly exitCode: number | null;
  /** Absent where the run did not come to one: `output` says why. */
  readonly summary: Summary | undefined;
  /** Of the run; kept for whoever has to look. */
  readonly folder: string | undefined;
  /** The last lines that it said. */
  readonly output: string;
};

const outputKept = 4_000;

/** `out`: a folder of this run alone. Errors: the signal's reason, once the run has ended by SIGTERM. */
export async function playRun(options: {
  readonly args: readonly string[];
  readonly out: string;
  readonly signal: AbortSignal;
}): Promise<PlayedRun> {
  const { args, out, signal } = options;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const child = spawn(process.execPath, [bin, ...args, "--out", out], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      output = (output + part).slice(-outputKept);
    });
  }
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const [exitCode] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  const [run] = readdirSync(out);
  const folder = run === undefined ? undefined : join(out, run);
  return { exitCode, summary: summaryIn(folder), folder, output };
}

function summaryIn(folder: string | undefined): Summary | undefined {
  const file = folder === undefined ? "" : join(folder, "summary.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Summary) : undefined;
}
