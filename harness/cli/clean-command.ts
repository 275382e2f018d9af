/** `fleetproof clean`: removes what runs that were broken off have left. */
import type { Command } from "commander";
import { clean } from "../stack/clean.ts";
import { localHome } from "./local-home.ts";

export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description(
      "Removes what broken-off runs left: orphaned processes, their data, unfinished fetches. " +
        "Kept stacks, fetched servers and run folders stay.",
    )
    .action(async () => {
      const { processes, folders, stacks } = await clean(localHome());
      for (const { purpose, pids } of processes) {
        process.stdout.write(`ended ${purpose} (pid ${pids.join(", ")})\n`);
      }
      for (const folder of folders) process.stdout.write(`removed ${folder}\n`);
      for (const stack of stacks)
        process.stdout.write(`forgot the stack ${stack}, which never came up\n`);
      if (processes.length + folders.length + stacks.length === 0) {
        process.stdout.write("There was nothing to clean.\n");
      }
    });
}
