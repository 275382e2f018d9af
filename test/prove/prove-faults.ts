/**
 * Every fault of the catalogue on every target that it has: each round is one `fleetproof run` of 18 s of load, its steps
 * must leave a trace and lead to the verdict that is declared. Else exit code 1. What is done is on file: `--resume`
 * goes on with a proof that was broken off.
 *   npm run prove:faults [-- --group network] [--only TEXT] [--seeds 3] [--stack NAME] [--resume]
 * Without `--stack` it brings up a stack of its own and ends it afterwards. Nothing else may use the stack meanwhile:
 * servers are stopped and started again, and Elasticsearch is told that its disk is full.
 */
import { rmSync } from "node:fs";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { commandLine, wholeNumber } from "../bench/command-line.ts";
import { say } from "../bench/say.ts";
import { openProofState } from "./faults/proof-state.ts";
import { proveRound } from "./faults/prove-round.ts";
import type { Round } from "./faults/round.ts";
import { roundLine, roundTable } from "./faults/round-lines.ts";
import { allRounds } from "./faults/rounds.ts";
import { onStack } from "./on-stack.ts";

const values = commandLine(import.meta.filename, {
  group: { type: "string" },
  only: { type: "string", default: "" },
  seeds: { type: "string", default: "1" },
  stack: { type: "string" },
  resume: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  state: { type: "string", default: "runs/prove-faults.json" },
  out: { type: "string", default: "runs/prove-faults" },
});
const firstSeed = 20180301;
const seeds = Array.from(
  { length: wholeNumber("seeds", values.seeds, 1, 100) },
  (_, i) => firstSeed + i,
);
const wanted = allRounds().filter(
  ({ group, name }) => group === (values.group ?? group) && name.includes(values.only),
);
if (wanted.length === 0) {
  const groups = [...new Set(allRounds().map(({ group }) => group))].join(", ");
  console.error(`No round of that group and name. There are the groups ${groups}.`);
  process.exitCode = 2;
} else if (values.list) {
  for (const { group, name, verdict } of wanted) console.log(`${group}   ${name}   ${verdict.is}`);
} else {
  await onStack(values.stack, (stack, signal) => prove(stack, signal));
}

async function prove(stack: string, signal: AbortSignal): Promise<void> {
  const state = openProofState(values.state, values.resume);
  const all = seeds.flatMap((seed) => wanted.map((round): [Round, number] => [round, seed]));
  const left = all.filter(([{ name }, seed]) => state.find(name, seed)?.asDeclared !== true);
  say(`${all.length} rounds, ${left.length} of them to play, on the stack ${stack}`);
  const fromMs = clock.monotonicMs();
  for (const [index, [round, seed]] of left.entries()) {
    const done = await proveRound({ round, seed, stack, out: values.out, clock, signal });
    state.add(done);
    const eachMs = (clock.monotonicMs() - fromMs) / (index + 1);
    const leftMinutes = (eachMs * (left.length - index - 1)) / 60_000;
    say(`${index + 1}/${left.length} ${roundLine(done)}; about ${Math.ceil(leftMinutes)} min left`);
  }
  const done = all.flatMap(([{ name }, seed]) => state.find(name, seed) ?? []);
  console.log(roundTable(done));
  if (done.some(({ asDeclared }) => !asDeclared)) process.exitCode = 1;
  else rmSync(values.out, { recursive: true, force: true });
}
