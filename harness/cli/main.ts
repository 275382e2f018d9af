/**
 * The command line: parses, calls, turns what happened into one sentence and an exit code. What an issue has
 * not asked for yet is simply not offered.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { ProcessError } from "../process/process-error.ts";
import { NotStartedError } from "../run/child.ts";
import { StackError } from "../stack/stack-error.ts";
import { addAggregatorCommand } from "./aggregator-command.ts";
import { addCleanCommand } from "./clean-command.ts";
import { addConnectCommand } from "./connect-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { addFaultsCommand } from "./faults-command.ts";
import { InterruptedError } from "./interrupts.ts";
import { addKcqlCommand } from "./kcql-command.ts";
import { addReportCommand } from "./report-command.ts";
import { addRunCommand } from "./run-command.ts";
import { addScenarioCommands } from "./scenario-commands.ts";
import { addSimulateCommand } from "./simulate-command.ts";
import { addStackCommands } from "./stack-commands.ts";
import { UnusableError } from "./unusable-error.ts";
import { addVerifyCommand } from "./verify-command.ts";

/** `argv` as `process.argv`; resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.pass;
  const program = new Command("fleetproof")
    .description(
      "Simulates a thermostat fleet at billions of readings a day and proves that every reading is persisted exactly once.",
    )
    .version(version(), "--version")
    .addHelpText(
      "after",
      "\nExample:\n  fleetproof run quick --rate 1b/day --for 30s\n\n" +
        "Exit codes: 0 PASS, 3 FAIL, 5 UNKNOWN, 6 INVALID, 4 PASS but a threshold was missed,\n" +
        "2 unusable scenario or environment, 130 interrupted, 1 internal error.",
    )
    .showSuggestionAfterError()
    .exitOverride();
  const finish = (code: number): void => {
    exitCode = code;
  };
  addRunCommand(program, finish);
  addVerifyCommand(program, finish);
  addReportCommand(program, finish);
  addAggregatorCommand(program, finish);
  addConnectCommand(program, finish);
  addKcqlCommand(program, finish);
  addScenarioCommands(program, finish);
  addFaultsCommand(program);
  addSimulateCommand(program, finish);
  addStackCommands(program, finish);
  addCleanCommand(program);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

/** Environment and usage get their one sentence; only what we did not foresee gets a stack trace. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.pass : exitCodes.unusable; // Commander has said why.
  }
  if (error instanceof InterruptedError) {
    process.stderr.write("Ended at once.\n");
    return exitCodes.interrupted;
  }
  if (error instanceof UnusableError || isEnvironmentError(error)) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.unusable;
  }
  process.stderr.write(
    `Internal error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitCodes.internal;
}

/** These say themselves what happened, why and what to do. */
function isEnvironmentError(error: unknown): error is Error {
  return (
    error instanceof StackError || error instanceof ProcessError || error instanceof NotStartedError
  );
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
