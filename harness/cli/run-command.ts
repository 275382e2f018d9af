/** `fleetproof run`: the options, and what stands around a run: stack, folder, live view, Ctrl-C, exit code. */
import type { Command } from "commander";
import { loadScenario } from "../scenario/load-scenario.ts";
import { printProblem } from "../scenario/problem.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { InterruptedError, listenForInterrupts } from "./interrupts.ts";
import { jobProblems } from "./job-problems.ts";
import { performRun, type RunOptions } from "./perform-run.ts";
import { collect } from "./scenario-commands.ts";
import { UnusableError } from "./unusable-error.ts";

export function addRunCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("run")
    .description(
      "Runs a scenario on real servers and judges it: PASS only when every reading is stored exactly once.",
    )
    .argument("<scenario>", "path, or bare name of a file in scenarios/ (see `fleetproof list`)")
    .option("--seed <n>", "another seed: other readings, the same rules")
    .option("--rate <rate>", "readings, as 10b/day or 50k/s")
    .option("--for <duration>", "length of the measured load, as 20s or 5m")
    .option("--set <path=value>", "override any key of the scenario (repeatable)", collect, [])
    .option("--stack <name>", "use the kept stack of this name instead of starting servers")
    .option("--keep", "keep this run's servers up, as a stack named after the run")
    .option("--out <dir>", "where run folders are made", "runs")
    .addHelpText(
      "after",
      "\nExamples:\n  fleetproof run quick\n  fleetproof run quick --rate 1b/day --for 30s --seed 7\n" +
        "  fleetproof run aggregator-crash --stack mine",
    )
    .action(async (name: string, options: RunOptions) => {
      const scenario = soundScenario(name, options);
      const interrupts = listenForInterrupts((sentence) => process.stderr.write(`\n${sentence}\n`));
      try {
        const summary = await performRun(scenario, options, interrupts);
        const thresholdMissed = summary.thresholds.some(({ ok }) => !ok);
        finish(exitCodeOf({ ...summary, thresholdMissed }));
      } catch (error) {
        // What was under way failed *because* it was broken off: that is the interruption, not an error.
        if (interrupts.atOnce.aborted) throw interrupts.atOnce.reason;
        if (error instanceof InterruptedError) return finish(exitCodes.interrupted);
        throw error;
      } finally {
        interrupts.stopListening();
      }
    });
}

/** Everything wrong with scenario and job configs is said at once, before anything starts. */
function soundScenario(name: string, options: RunOptions): Scenario {
  const { set, seed, rate, for: duration } = options;
  const loaded = loadScenario(name, {
    set,
    ...(seed === undefined ? {} : { seed }),
    ...(rate === undefined ? {} : { rate }),
    ...(duration === undefined ? {} : { for: duration }),
  });
  if (!loaded.ok) throw new UnusableError(loaded.errors.map(printProblem).join("\n"));
  const problems = jobProblems(loaded.scenario);
  if (problems.length > 0) throw new UnusableError(problems.join("\n"));
  for (const warning of loaded.warnings) {
    process.stderr.write(`warning: ${printProblem(warning)}\n`);
  }
  return loaded.scenario;
}
