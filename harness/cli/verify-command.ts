/** `fleetproof verify`: judges a finished run again, says what was looked at, exits like the run. */
import { accessSync, constants } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Command } from "commander";
import { closingSummary } from "../report/closing-summary.ts";
import { writeSummary } from "../report/summary-json.ts";
import { terminalOf } from "../report/terminal.ts";
import { inkFor } from "../report/terminal-text.ts";
import { violationsFile, writeViolations } from "../report/violations.ts";
import { findRunFolder } from "../run/find-run-folder.ts";
import { type VerifiedSummary, verifiedSummary } from "../verify/verified-summary.ts";
import { nextVerifyName, verifyPorts } from "../verify/verify-ports.ts";
import { verifyRun } from "../verify/verify-run.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { localHome } from "./local-home.ts";
import { UnusableError } from "./unusable-error.ts";

type VerifyOptions = { readonly json?: boolean; readonly out: string };

export function addVerifyCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("verify")
    .description(
      "Judges a finished run again: from what topics and stores hold now where its stack is kept, from its folder " +
        "alone where its servers are gone.",
    )
    .argument("<run>", "run id, or path of a run folder")
    .option("--json", "print the result as JSON, in the shape of summary.json")
    .option("--out <dir>", "where run folders are", "runs")
    .addHelpText(
      "after",
      "\nExamples:\n  fleetproof verify r0a1b2c3d\n  fleetproof verify runs/r0a1b2c3d --json",
    )
    .action(async (run: string, options: VerifyOptions) => {
      const found = findRunFolder(run, options.out);
      if (!found.ok) throw new UnusableError(found.why);
      requireWritable(found.root);
      const interrupts = listenForInterrupts(() => undefined);
      try {
        // Nothing has to be drained: the first Ctrl-C ends it.
        const signal = AbortSignal.any([interrupts.drain, interrupts.atOnce]);
        const summary = await performVerify(found.root, options, signal);
        const thresholdMissed = summary.thresholds.some(({ ok }) => !ok);
        finish(exitCodeOf({ ...summary, thresholdMissed }));
      } catch (error) {
        if (interrupts.drain.aborted) throw interrupts.drain.reason;
        throw error;
      } finally {
        interrupts.stopListening();
      }
    });
}

function requireWritable(root: string): void {
  try {
    accessSync(root, constants.W_OK);
  } catch (cause) {
    throw new UnusableError(
      `The result belongs into ${root}, which cannot be written to: copy the folder, or free it.`,
      { cause },
    );
  }
}

async function performVerify(
  root: string,
  { json }: VerifyOptions,
  signal: AbortSignal,
): Promise<VerifiedSummary> {
  const { home, registry, clock } = localHome();
  const name = nextVerifyName(root);
  // Lines of progress are for people: the JSON stands alone on its stream.
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const ports = verifyPorts({ root, name, home, registry, clock, signal, say });
  const verification = await verifyRun(ports);
  const summary = await verifiedSummary(root, verification, clock.now());
  const file = join(root, `${name}.json`);
  writeSummary(file, summary);
  const violations = join(root, `${name}.${violationsFile}`);
  writeViolations(violations, summary.run, verification.judgement);
  if (json) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return summary;
  }
  const terminal = terminalOf(process.stdout, process.env);
  const ink = inkFor(terminal.isTTY, process.env);
  const shown = (path: string): string => relative(process.cwd(), path) || basename(path);
  const found = verification.judgement.violations.all > 0;
  const files = [
    ...(found ? [["all findings", shown(violations)] as const] : []),
    ["judged again", shown(file)],
    ["the run", shown(root)],
  ] as const;
  const lines = closingSummary(summary, files, terminal.width(), ink);
  process.stdout.write(`\nLooked at: ${summary.verified.looked}.\n\n${lines.join("\n")}\n`);
  return summary;
}
