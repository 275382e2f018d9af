/**
 * Every kind of replay, at rest and under load: each must leave, or make, identical states, with the stores' own evidence
 * that it took place, and no look at a store may see a revision go back. Else exit code 1.
 *   npm run prove:replays [-- --only TEXT] [--stack NAME]
 * Without `--stack` it brings up a stack of its own and ends it afterwards.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../bench/command-line.ts";
import { say } from "../bench/say.ts";
import { columns } from "./columns.ts";
import { onStack } from "./on-stack.ts";
import { playRun } from "./play-run.ts";
import { replayLines, roundFaults } from "./replays/judge-round.ts";
import { argumentsOf, replayRounds } from "./replays/replay-rounds.ts";

const values = commandLine(import.meta.filename, {
  only: { type: "string", default: "" },
  stack: { type: "string" },
  out: { type: "string", default: "runs/prove-replays" },
});
const wanted = replayRounds.filter(
  ({ name, steps }) =>
    name.includes(values.only) || steps.some((each) => each.includes(values.only)),
);
if (wanted.length === 0) {
  console.error(
    `No round is called so. There are: ${replayRounds.map(({ name }) => name).join(", ")}.`,
  );
  process.exitCode = 2;
} else await onStack(values.stack, prove);

async function prove(stack: string, signal: AbortSignal): Promise<void> {
  const head = ["round", "replay", "records", "evidence", "state", "", "verdict"];
  const lines = [head];
  const faulty: string[] = [];
  for (const [index, round] of wanted.entries()) {
    const out = join(values.out, round.name.replaceAll(" ", "-"));
    const args = argumentsOf(round, stack);
    const { summary, output, folder } = await playRun({ args, out, signal });
    const faults = roundFaults(round, summary);
    if (summary !== undefined) lines.push(...replayLines(round.name, summary));
    else console.error(output);
    const outcome = faults.length === 0 ? "PASS" : `${faults.join("; ")} (${folder ?? out})`;
    say(`${index + 1}/${wanted.length} ${round.name}: ${outcome}`);
    if (faults.length > 0) faulty.push(round.name);
    else rmSync(out, { recursive: true, force: true });
  }
  console.log(columns(lines));
  console.log(`${wanted.length - faulty.length} of ${wanted.length} rounds as they must be`);
  if (faulty.length > 0) process.exitCode = 1;
}
