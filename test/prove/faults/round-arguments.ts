/** The command line of a round: a short load on a kept stack. */
import type { Round } from "./round.ts";

/** The first windows close 6.6 s after it began; no clause depends on the rate. */
const load = [
  ...["--rate", "2500/s", "--for", "16s"],
  ...["--set", "load.warmUp=2s", "--set", "fleet.devices=500"],
  // Thresholds of speed are for a machine that does nothing else; at-rest replays have a proof of their own.
  ...["--set", "thresholds={}", "--set", "replay=[]"],
];

export function argumentsOf(round: Round, seed: number, stack: string): readonly string[] {
  const faults = `faults=[${round.steps.join(", ")}]`;
  const set = [faults, ...round.set].flatMap((assignment) => ["--set", assignment]);
  return ["run", round.scenario, "--stack", stack, "--seed", String(seed), ...load, ...set];
}
