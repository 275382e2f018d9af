/**
 * Plants every bug of the track record, one after the other, and demands the declared verdict and
 * class; then plays the sound pipeline under the same triggers, which must PASS. Writes
 * test/planted/TRACK-RECORD.md when it has tried all. Exit code 1 unless all is as declared. What
 * is done is on file: `--resume` goes on with a proof that was broken off.
 *   npm run prove:bugs [-- --only B12,H01] [--sound only|none] [--stack NAME] [--resume]
 * Without `--stack` it brings up a stack of its own and ends it afterwards. Nothing else may use
 * the stack meanwhile: servers are suspended, and indices made read-only.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { readVersion } from "../../pipeline/http/version.ts";
import { commandLine } from "../bench/command-line.ts";
import { say } from "../bench/say.ts";
import type { BugCase } from "./bugs/bug-case.ts";
import { bugCases } from "./bugs/bug-cases.ts";
import { type CaseResult, isProven } from "./bugs/case-result.ts";
import { openCaseState } from "./bugs/case-state.ts";
import { proveInSimulation } from "./bugs/prove-in-simulation.ts";
import { proveLive } from "./bugs/prove-live.ts";
import { soundCases } from "./bugs/sound-triggers.ts";
import { resultLine, trackRecord } from "./bugs/track-record.ts";
import { onStack } from "./on-stack.ts";

const recordFile = fileURLToPath(new URL("../planted/TRACK-RECORD.md", import.meta.url));
/** Of the sound pipeline; `fleetproof simulate --seeds 10000` plays more. */
const soundSeeds = 300;
const nothing = "none";

const values = commandLine(import.meta.filename, {
  only: { type: "string" },
  sound: { type: "string", default: "too" },
  stack: { type: "string" },
  resume: { type: "boolean", default: false },
  state: { type: "string", default: "runs/prove-bugs.json" },
  out: { type: "string", default: "runs/prove-bugs" },
});
// The simulation's threads take it from the environment; so do the commands.
process.env["NODE_OPTIONS"] = "--conditions=planted";
const only = values.only?.split(",");
const wanted = bugCases.filter(({ id }) => only?.includes(id) ?? true);
if (wanted.length === 0) {
  console.error(`No case is ${values.only}. There are ${bugCases.map(({ id }) => id).join(", ")}.`);
  process.exitCode = 2;
} else if (wanted.some(({ proof }) => proof.kind === "live")) {
  await onStack(values.stack, proveAll);
} else await proveAll("none", new AbortController().signal);

async function proveAll(stack: string, signal: AbortSignal): Promise<void> {
  const state = openCaseState(values.state, values.resume);
  const planted = values.sound === "only" ? [] : wanted.map((each) => [each, each.bug] as const);
  const sound = values.sound === "none" ? [] : soundCases(wanted);
  const all = [...planted, ...sound.map((each) => [each, nothing] as const)];
  let left = all.length;
  for (const [bugCase, bug] of all) {
    signal.throwIfAborted();
    left -= 1;
    const known = state.find(bugCase, bug);
    if (known !== undefined && isAsDeclared(bugCase, known)) continue;
    const result = await play(bugCase, bug, stack, signal);
    state.add(result);
    const mark = isAsDeclared(bugCase, result) ? "✓" : "✗";
    say(`${mark} ${resultLine(bugCase, result)}; ${left} left`);
  }
  const done = all.flatMap(([bugCase, bug]) => {
    const result = state.find(bugCase, bug);
    return result === undefined ? [] : [{ bugCase, result }];
  });
  for (const { bugCase, result } of done) console.log(resultLine(bugCase, result));
  const failed = done.filter(({ bugCase, result }) => !isAsDeclared(bugCase, result));
  console.log(`${done.length - failed.length} of ${all.length} as declared`);
  if (failed.length > 0) process.exitCode = 1;
  else rmSync(values.out, { recursive: true, force: true });
  if (wanted.length < bugCases.length || values.sound !== "too") return;
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  writeFileSync(recordFile, trackRecord(done, { version: readVersion(), day }));
}

function play(
  bugCase: BugCase,
  bug: string,
  stack: string,
  signal: AbortSignal,
): Promise<CaseResult> {
  const { proof } = bugCase;
  if (proof.kind === "live") {
    return proveLive(bugCase, bug, { stack, out: join(values.out), clock, signal });
  }
  return proveInSimulation(bugCase, bug, bug === nothing ? soundSeeds : proof.seedsMost, clock);
}

function isAsDeclared(bugCase: BugCase, result: CaseResult): boolean {
  return result.bug === nothing ? result.verdict === "PASS" : isProven(bugCase, result);
}
