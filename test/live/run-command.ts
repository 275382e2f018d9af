/** Runs the command as a user does, as a process of its own, and reads what it left. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Summary } from "../../harness/report/summary-json.ts";

const bin = fileURLToPath(new URL("../../harness/cli/fleetproof.js", import.meta.url));

/** A load that leaves the machine room for everything else; the clauses do not depend on the rate. */
export const smallLoad = [
  "--rate",
  "20k/s",
  "--for",
  "7s",
  "--set",
  "load.warmUp=2s",
  "--set",
  "fleet.devices=4000",
  // Thresholds of speed are for the scenarios at their own rate, on a machine that does nothing else.
  "--set",
  "thresholds={}",
];

export type Command = {
  readonly process: ChildProcess;
  /** Its output so far, both streams. */
  readonly output: () => string;
  /** Where `--out` points. */
  readonly out: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Command {
  const out = mkdtempSync(join(tmpdir(), "fleetproof-run-"));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const all = [bin, ...args, ...(args[0] === "run" ? ["--out", out] : [])];
  return { ...spawnCommand(process.execPath, all, { env: { ...process.env, ...env } }), out };
}

/** Any command, its output gathered. */
export function spawnCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Readonly<Record<string, string | undefined>> },
): Omit<Command, "out"> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return { process: child, output: () => text, ended };
}

/** Runs it to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string; readonly out: string }> {
  const command = start(args, env);
  const { code } = await command.ended;
  return { code, output: command.output(), out: command.out };
}

/** `summary.json` of the only run in the folder. */
export function summaryOf(out: string): Summary {
  const [run] = readdirSync(out);
  return JSON.parse(readFileSync(join(out, run ?? "", "summary.json"), "utf8")) as Summary;
}
