/** `fleetproof stack up | status | down`: servers that stay up over several runs. */
import type { Command } from "commander";
import { defaultStackName, stackDown, stackStatus, stackUp } from "../stack/kept-stacks.ts";
import { exitCodes } from "./exit-codes.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { localHome } from "./local-home.ts";
import { stackProgressLines } from "./stack-progress.ts";
import { UnusableError } from "./unusable-error.ts";

export function addStackCommands(program: Command, finish: (code: number) => void): void {
  const stack = program
    .command("stack")
    .description("Keeps Kafka, Elasticsearch and Cassandra up between runs.");

  stack
    .command("up")
    .description(`Starts the three servers and leaves them running (named "${defaultStackName}").`)
    .argument("[name]", "name of the stack", defaultStackName)
    .addHelpText(
      "after",
      "\nExample:\n  fleetproof stack up mine\n  fleetproof run quick --stack mine",
    )
    .action(async (name: string) => {
      const interrupts = listenForInterrupts(() => undefined);
      try {
        const onProgress = stackProgressLines((line) => process.stdout.write(`${line}\n`));
        await stackUp(name, { ...localHome(), signal: interrupts.drain, onProgress });
        printStatus(name);
        process.stdout.write(
          `Use it with: fleetproof run quick --stack ${name}\nEnd it with: fleetproof stack down ${name}\n`,
        );
      } finally {
        interrupts.stopListening();
      }
    });

  stack
    .command("status")
    .description("Says which stacks are kept, where their servers answer, and which have died.")
    .action(() => {
      const { home } = localHome();
      const stacks = stackStatus(home);
      if (stacks.length === 0) process.stdout.write("No stack is kept.\n");
      for (const { name } of stacks) printStatus(name);
      if (stacks.some(({ state }) => state === "broken")) finish(exitCodes.unusable);
    });

  stack
    .command("down")
    .description("Ends a kept stack and removes its data.")
    .argument("[name]", "name of the stack")
    .option("--all", "every kept stack")
    .action(async (name: string | undefined, options: { readonly all?: boolean }) => {
      const local = localHome();
      const names = options.all ? stackStatus(local.home).map((one) => one.name) : [name];
      for (const one of names) {
        if (one === undefined) {
          throw new UnusableError("Say which stack to end: its name, or --all.");
        }
        await stackDown(one, local);
        process.stdout.write(`The stack ${one} is down, its data removed.\n`);
      }
      if (names.length === 0) process.stdout.write("No stack is kept.\n");
    });
}

function printStatus(name: string): void {
  const status = stackStatus(localHome().home).find((stack) => stack.name === name);
  if (status === undefined) return;
  const since = status.startedAt === undefined ? "" : ` since ${status.startedAt}`;
  process.stdout.write(`${status.name}: ${status.state}${since}\n`);
  for (const { server, address, pid, running, logFile, lastLogAt } of status.servers) {
    const state = running ? `pid ${pid}` : `ended, last heard of at ${lastLogAt ?? "?"}`;
    process.stdout.write(`  ${server.padEnd(13)} ${address.padEnd(28)} ${state}, log ${logFile}\n`);
  }
}
