/**
 * One case on the real servers: the whole command as a user runs it, with the bug in its jobs or in
 * itself.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSummary } from "../../../harness/report/summary-schema.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { openStack } from "../../../harness/stack/open-stack.ts";
import type { Clock } from "../../../pipeline/clock.ts";
import { say } from "../../bench/say.ts";
import { forgetRun } from "../forget-run.ts";
import type { BugCase } from "./bug-case.ts";
import { type CaseResult, proofOf } from "./case-result.ts";

const bin = fileURLToPath(new URL("../../../harness/cli/fleetproof.js", import.meta.url));

/** A run of half a minute with its drain; one that hangs is a result, too. */
const timeoutMs = 300_000;

export type LiveProof = {
  readonly stack: string;
  /** Where run folders go. */
  readonly out: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** `bug`: the case's, or `none` in the same surroundings. Errors: the signal's reason. */
export async function proveLive(
  bugCase: BugCase,
  bug: string,
  { stack, out, clock, signal }: LiveProof,
): Promise<CaseResult> {
  const args = bugCase.proof.kind === "live" ? bugCase.proof.args : [];
  const folder = join(out, `${bugCase.id}-${bug}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const begunMs = clock.monotonicMs();
  const output = await runCommand(["run", ...args, "--stack", stack, "--out", folder], bug, signal);
  signal.throwIfAborted();
  writeFileSync(join(folder, "output.txt"), output);
  const common = {
    id: bugCase.id,
    bug,
    proofOf: proofOf(bugCase),
    seconds: (clock.monotonicMs() - begunMs) / 1_000,
  };
  const run = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isDirectory());
  const parsed = parseSummary(
    run === undefined ? "" : textOf(join(folder, run.name, "summary.json")),
  );
  if (!parsed.ok) {
    const lastLines = output.trim().split("\n").slice(-3);
    return { ...common, verdict: "none", classes: [], until: "no run", why: lastLines };
  }
  const { run: name, verdict, findings, readings, reasons } = parsed.summary;
  const verified =
    bugCase.verified === undefined || bug !== bugCase.bug
      ? {}
      : { verified: await verifiedWithout(join(folder, name), signal) };
  await forget(stack, name, clock);
  return {
    ...common,
    verdict,
    ...verified,
    classes: [...new Set(findings.map((finding) => finding.class))],
    until: `${readings.planned.toLocaleString("en")} readings`,
    why: reasons,
  };
}

/** The verdict of the sound harness on the run that the planted one has judged. */
async function verifiedWithout(folder: string, signal: AbortSignal): Promise<string> {
  await runCommand(["verify", folder], "none", signal);
  signal.throwIfAborted();
  const parsed = parseSummary(textOf(join(folder, "verify-1.json")));
  return parsed.ok ? parsed.summary.verdict : "none";
}

/** What cannot be deleted does no harm to the next run. */
async function forget(name: string, run: string, clock: Clock): Promise<void> {
  try {
    await using stack = openStack(name, { home: homeOf(process.env), clock });
    await forgetRun(stack, run);
  } catch (error) {
    say(`${run} stays on the stack: ${error instanceof Error ? error.message : error}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // It was not written: the output says why.
  }
}

/** Interrupted as Ctrl-C would: the run takes its processes along. */
async function runCommand(
  args: readonly string[],
  bug: string,
  signal: AbortSignal,
): Promise<string> {
  const env = {
    ...process.env,
    NODE_OPTIONS: "--conditions=planted",
    FLEETPROOF_PLANTED_BUG: bug,
    NO_COLOR: "1",
  };
  const child = spawn(process.execPath, [bin, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGINT",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      output += part;
    });
  }
  const interrupt = (): void => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  await once(child, "close");
  signal.removeEventListener("abort", interrupt);
  return output;
}
