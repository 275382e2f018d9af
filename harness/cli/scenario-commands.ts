/** `fleetproof list` and `fleetproof validate`: what there is to run, and whether a file of one's own is one. */
import { relative } from "node:path";
import type { Command } from "commander";
import { listScenarios } from "../scenario/find-scenario.ts";
import { type LoadedScenario, loadScenario } from "../scenario/load-scenario.ts";
import { printScenario } from "../scenario/print-scenario.ts";
import { printProblem } from "../scenario/problem.ts";
import { exitCodes } from "./exit-codes.ts";
import { jobProblems } from "./job-problems.ts";

type SetOption = { readonly set: readonly string[] };

export function addScenarioCommands(program: Command, finish: (code: number) => void): void {
  program
    .command("list")
    .description("Lists the scenarios that come with fleetproof and what each is meant to break.")
    .action(() => {
      const scenarios = listScenarios();
      const width = Math.max(...scenarios.map(({ name }) => name.length));
      for (const { name, purpose } of scenarios) {
        process.stdout.write(`${name.padEnd(width)}  ${purpose}\n`);
      }
    });

  program
    .command("validate")
    .description("Checks a scenario and its job configs without starting anything.")
    .argument("<scenario>", "path, or bare name of a file in scenarios/")
    .option("--set <path=value>", "override a key (repeatable)", collect, [])
    .option("--print", "print the scenario with every default resolved")
    .addHelpText(
      "after",
      "\nExample:\n  fleetproof validate my-scenario.yaml --set load.for=20s --print",
    )
    .action((name: string, options: SetOption & { readonly print?: boolean }) => {
      const loaded = loadScenario(name, { set: options.set });
      const problems = problemsOf(loaded);
      for (const problem of problems) process.stderr.write(`${problem}\n`);
      if (!loaded.ok || problems.length > 0) return finish(exitCodes.unusable);
      for (const warning of loaded.warnings) {
        process.stderr.write(`warning: ${printProblem(warning)}\n`);
      }
      if (options.print) process.stdout.write(printScenario(loaded.scenario));
      else process.stdout.write(`${relative(process.cwd(), loaded.file)} is a sound scenario.\n`);
      return finish(exitCodes.pass);
    });
}

/** One line each: all that is wrong with the file, and with the job configs that it names. */
function problemsOf(loaded: LoadedScenario): readonly string[] {
  return loaded.ok ? jobProblems(loaded.scenario) : loaded.errors.map(printProblem);
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
