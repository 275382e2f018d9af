/**
 * Mutation testing of the checks and of the oracle: a change of their code that no test notices is a
 * hole in what their verdict is worth. Prints the changes that went unnoticed. Fewer than 90 % noticed:
 * exit code 1.
 *   npm run prove:mutants [-- --only no-loss]
 * A file at a time: with all of them prepared for it the tests take five times as long.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine, refuse } from "../bench/command-line.ts";
import { say } from "../bench/say.ts";
import { columns } from "./columns.ts";
import { type Mutant, mutateFile } from "./mutants/mutate-file.ts";
import { isAlive, percentOf, type Score, scoreOf } from "./mutants/score.ts";

const floorPercent = 90;

const { only } = commandLine(import.meta.filename, { only: { type: "string", default: "" } });
const files = globSync("harness/{checks,expected}/*.ts")
  .sort()
  .filter((file) => file.includes(only));
if (files.length === 0) refuse(`no file of the checks or the oracle is called like ${only}`);
// Outside of the tree, so that neither git nor a linter nor another test meets the copies.
const folder = mkdtempSync(join(tmpdir(), "fleetproof-mutants-"));
const lines = [["file", "mutants", "noticed", "of them by time", ""]];
const all: Mutant[] = [];
// On Ctrl-C, too: Stryker then exits by itself.
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const file of files) {
  const mutants = await mutateFile(file, folder);
  all.push(...mutants);
  lines.push(lineOf(file, scoreOf(mutants)));
  for (const mutant of mutants.filter(isAlive)) console.log(describe(file, mutant));
  say(`${file}: ${percentOf(scoreOf(mutants)).toFixed(1)} %`);
}
lines.push(lineOf("all", scoreOf(all)));
console.log(columns(lines));
if (percentOf(scoreOf(all)) < floorPercent) process.exitCode = 1;

function lineOf(file: string, score: Score): string[] {
  const percent = `${percentOf(score).toFixed(1)} %`;
  return [file, `${score.mutants}`, `${score.noticed}`, `${score.byTime}`, percent];
}

/** Place, status, and the change in one line. */
function describe(file: string, { location, status, mutatorName, replacement }: Mutant): string {
  const { start, end } = location;
  const line = readFileSync(file, "utf8").split("\n")[start.line - 1] ?? "";
  const code = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  const change = (replacement ?? mutatorName).replaceAll(/\s+/g, " ");
  return `${file}:${start.line}:${start.column} ${status}: ${code.trim()}  →  ${change}`;
}
