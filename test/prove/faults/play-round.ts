/** Plays a round as a user would: `fleetproof run`, and reads from its folder what came of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Summary } from "../../../harness/report/summary-json.ts";
import type { Round } from "./round.ts";

const bin = fileURLToPath(new URL("../../../harness/cli/fleetproof.js", import.meta.url));

/** The first windows close 6.6 s after it began; no clause depends on the rate. */
const load = [
  ...["--rate", "2500/s", "--for", "16s"],
  ...["--set", "load.warmUp=2s", "--set", "fleet.devices=500"],
  // Thresholds of speed are for a machine that does nothing else; at-rest replays have a proof of their own.
  ...["--set", "thresholds={}", "--set", "replay=[]"],
];

export type PlayedRound = {
  readonly exitCode: number | null;
  /** Absent where the run did not come to one: `output` says why. */
  readonly summary: Summary | undefined;
  /** Of the run; kept for whoever has to look. */
  readonly folder: string | undefined;
  /** The last lines that it said. */
  readonly output: string;
};

const outputKept = 4_000;

export function argumentsOf(round: Round, seed: number, stack: string): readonly string[] {
  const faults = `faults=[${round.steps.join(", ")}]`;
  const set = [faults, ...round.set].flatMap((assignment) => ["--set", assignment]);
  return ["run", round.scenario, "--stack", stack, "--seed", String(seed), ...load, ...set];
}

/** `out`: a folder of this round alone. Errors: the signal's reason, once the run has ended by SIGTERM. */
export async function playRound(options: {
  readonly args: readonly string[];
  readonly out: string;
  readonly signal: AbortSignal;
}): Promise<PlayedRound> {
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
