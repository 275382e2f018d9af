/** `fleetproof report`: makes the reports of a run again from its folder, also of one that was broken off. */
import { relative } from "node:path";
import type { Command } from "commander";
import { ReportError, readReportRun } from "../report/read-report-run.ts";
import { brokenOffSentence, type ReportRun } from "../report/report-run.ts";
import { writeReportsOf } from "../report/write-reports.ts";
import { findRunFolder } from "../run/find-run-folder.ts";
import { exitCodes } from "./exit-codes.ts";
import { UnusableError } from "./unusable-error.ts";

export function addReportCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("report")
    .description(
      "Makes report.html and junit.xml of a run again, from what its folder holds; also of a run that was broken " +
        "off. Judges nothing: exit 0 is a report that was made of a judged run, 5 of one that nobody judged.",
    )
    .argument("<run>", "id of a run, or path of its folder")
    .option("--out <dir>", "where run folders are", "runs")
    .addHelpText("after", "\nExample:\n  fleetproof report r4k2m9x0a")
    .action((name: string, { out }: { readonly out: string }) => {
      const found = findRunFolder(name, out);
      if (!found.ok) throw new UnusableError(found.why);
      const { root } = found;
      const run = readRun(root);
      const { html, junit, problems } = writeReportsOf(run, root, process.env);
      if (problems.length > 0) throw new UnusableError(problems.join("\n"));
      for (const file of [html, junit]) {
        process.stdout.write(`${relative(process.cwd(), file) || file}\n`);
      }
      if (run.kind === "finished") return;
      process.stdout.write(`UNKNOWN: ${brokenOffSentence}\n`);
      finish(exitCodes.unknown);
    });
}

function readRun(root: string): ReportRun {
  try {
    return readReportRun(root);
  } catch (error) {
    if (error instanceof ReportError) throw new UnusableError(error.message, { cause: error });
    throw error;
  }
}
