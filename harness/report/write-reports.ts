/**
 * Writes the reports of a run: `report.html` and `junit.xml` into its folder, and, in a CI job of GitHub's, a
 * Markdown summary at the end of the file that `GITHUB_STEP_SUMMARY` names.
 */
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { reportPage } from "./html/page.ts";
import { junitXml } from "./junit.ts";
import { finishedRun } from "./read-report-run.ts";
import type { ReportRun } from "./report-run.ts";
import { stepSummary } from "./step-summary.ts";
import type { Summary } from "./summary-json.ts";

/** What was written, and a sentence for each report that could not be: no verdict hangs on a report. */
export type WrittenReports = {
  readonly html: string;
  readonly junit: string;
  readonly problems: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** After a run, or after it was judged again. The summary is in no need to be on file yet. */
export function writeReports(
  folder: { readonly file: (name: string) => string },
  summary: Summary,
  environment: Environment,
): WrittenReports {
  const root = dirname(folder.file("summary.json"));
  return writeReportsOf(finishedRun(root, summary), root, environment);
}

export function writeReportsOf(
  run: ReportRun,
  root: string,
  environment: Environment,
): WrittenReports {
  const html = join(root, "report.html");
  const junit = join(root, "junit.xml");
  const steps = environment["GITHUB_STEP_SUMMARY"] ?? "";
  const problems = [
    attempt(html, () => replace(html, reportPage(run))),
    attempt(junit, () => replace(junit, junitXml(run))),
    steps === "" ? undefined : attempt(steps, () => appendFileSync(steps, stepSummary(run))),
  ];
  return { html, junit, problems: problems.filter((problem) => problem !== undefined) };
}

/** Only what the file system refuses is told; every other error is one of ours. */
function attempt(file: string, write: () => void): string | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `The report ${file} cannot be written: ${message}.`;
  }
}

/** All or nothing: a reader never sees half a report. */
function replace(file: string, text: string): void {
  const unfinished = `${file}.writing`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}
