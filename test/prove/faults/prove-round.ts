/** One round: played, judged, and forgotten where it was as declared. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../../../harness/cli/exit-codes.ts";
import { homeOf } from "../../../harness/stack/home.ts";
import { openStack } from "../../../harness/stack/open-stack.ts";
import type { Clock } from "../../../pipeline/clock.ts";
import { forgetRun } from "../forget-run.ts";
import { playRun } from "../play-run.ts";
import { judgeRound } from "./judge-round.ts";
import type { DoneRound } from "./proof-state.ts";
import type { Round } from "./round.ts";
import { argumentsOf } from "./round-arguments.ts";

/** A machine that is busy may fail to start a run; before the first reading nothing is said about the fault. */
const starts = 3;

/** Errors: the signal's reason. */
export async function proveRound(options: {
  readonly round: Round;
  readonly seed: number;
  readonly stack: string;
  readonly out: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<DoneRound> {
  const { round, seed, stack, out, clock, signal } = options;
  const begunMs = clock.monotonicMs();
  const folder = join(out, `${round.name.replace(/[^a-z0-9]+/gi, "-")}-${seed}`);
  const args = argumentsOf(round, seed, stack);
  let played = await playRun({ args, out: folder, signal });
  let begun = 1;
  for (; begun < starts && played.exitCode === exitCodes.unusable; begun++) {
    played = await playRun({ args, out: folder, signal });
  }
  const result = judgeRound(round, played.summary);
  const { summary } = played;
  const effects = summary?.faults.flatMap(({ effect }) => effect ?? []) ?? [];
  if (summary !== undefined) await forget(stack, summary.run, clock);
  if (result.asDeclared) rmSync(folder, { recursive: true, force: true });
  const kept = result.asDeclared ? {} : { folder: played.folder ?? folder };
  return {
    ...result,
    round: round.name,
    group: round.group,
    seed,
    begun,
    tookMs: Math.round(clock.monotonicMs() - begunMs),
    effect: summary === undefined ? played.output : effects.join(" | "),
    ...kept,
  };
}

/** What cannot be deleted does no harm to the next round; a server that does not answer fails it. */
async function forget(name: string, run: string, clock: Clock): Promise<void> {
  try {
    await using stack = openStack(name, { home: homeOf(process.env), clock });
    await forgetRun(stack, run);
  } catch (error) {
    console.error(`${run} stays on the stack: ${error instanceof Error ? error.message : error}`);
  }
}
