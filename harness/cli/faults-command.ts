/** `fleetproof faults`: what a scenario can do to a run, with what it endangers and what a sound pipeline comes to. */
import type { Command } from "commander";
import { faultKinds } from "../scenario/fault-kinds/fault-catalogue.ts";
import { nearestName } from "../scenario/nearest-name.ts";
import { faultFacts } from "./fault-facts.ts";
import { catalogueLines, kindLines } from "./faults-lines.ts";
import { UnusableError } from "./unusable-error.ts";

export function addFaultsCommand(program: Command): void {
  program
    .command("faults")
    .description("Lists the faults that a scenario can ask for, and what each endangers.")
    .argument("[kind]", "one of them, with its targets, its parameters and an example")
    .option("--json", "for programs")
    .addHelpText("after", "\nExamples:\n  fleetproof faults\n  fleetproof faults pause")
    .action((name: string | undefined, { json }: { readonly json?: boolean }) => {
      const kinds = faultKinds.filter((kind) => name === undefined || kind === name);
      const [only] = kinds;
      if (only === undefined) throw new UnusableError(unknownKind(name ?? ""));
      if (json) {
        const facts = kinds.map(faultFacts);
        const value = name === undefined ? { schema: 1, faults: facts } : facts[0];
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
        return;
      }
      const lines = name === undefined ? catalogueLines() : kindLines(only);
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}

function unknownKind(name: string): string {
  const nearest = nearestName(name, faultKinds);
  const hint =
    nearest === undefined ? `there are ${faultKinds.join(", ")}` : `did you mean ${nearest}?`;
  return `There is no fault ${name}; ${hint}`;
}
