import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addReportCommand } from "../../../harness/cli/report-command.ts";
import { UnusableError } from "../../../harness/cli/unusable-error.ts";
import { writeSummary } from "../../../harness/report/summary-json.ts";
import { passed } from "../report/summary-fixture.ts";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "fleetproof-runs-"));
  mkdirSync(join(out, "rabcdefgh", "facts"), { recursive: true });
});
afterEach(() => rmSync(out, { recursive: true }));

/** The exit codes that the command asked for. */
async function report(...words: readonly string[]): Promise<readonly number[]> {
  const codes: number[] = [];
  const program = new Command().exitOverride();
  addReportCommand(program, (code) => void codes.push(code));
  await program.parseAsync(["report", ...words], { from: "user" });
  return codes;
}

test.each([
  ["its id", () => ["rabcdefgh", "--out", out]],
  ["its folder", () => [join(out, "rabcdefgh")]],
])("the reports of a judged run are made again, named by %s", async (_, words) => {
  writeSummary(join(out, "rabcdefgh", "summary.json"), passed);
  expect(await report(...words())).toEqual([]);
  expect(readFileSync(join(out, "rabcdefgh", "report.html"), "utf8")).toContain(
    "PASS</span> quick",
  );
});

test("a run that was broken off has a report, and is UNKNOWN", async () => {
  expect(await report("rabcdefgh", "--out", out)).toEqual([5]);
  expect(readFileSync(join(out, "rabcdefgh", "report.html"), "utf8")).toContain("UNKNOWN</span>");
});

test("no such run, no folder of a run, a damaged summary: one sentence, exit 2", async () => {
  await expect(report("rnowhere", "--out", out)).rejects.toThrow(/^There is no run rnowhere in /);
  await expect(report(out)).rejects.toThrow(/is not the folder of a run/);
  writeFileSync(join(out, "rabcdefgh", "summary.json"), '{"schema": 1');
  await expect(report("rabcdefgh", "--out", out)).rejects.toThrow(/summary\.json is damaged: /);
  await expect(report("rabcdefgh", "--out", out)).rejects.toBeInstanceOf(UnusableError);
});

test("a folder that cannot be written to is told in a sentence", async () => {
  mkdirSync(join(out, "rabcdefgh", "report.html"));
  await expect(report("rabcdefgh", "--out", out)).rejects.toThrow(
    /^The report \S+report\.html cannot be written: /,
  );
});
