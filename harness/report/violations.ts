/**
 * `violations.ndjson`: every finding of a run, one line of JSON each, with its clause and the
 * command that shows it again; the summary and the reports keep a handful. No such file: nothing
 * was found.
 */
import { renameSync, writeFileSync } from "node:fs";
import type { Judgement, Violations } from "../checks/judge.ts";

export const violationsFile = "violations.ndjson";

/** All or nothing: a reader never sees half of it. */
export function writeViolations(
  file: string,
  run: string,
  { violations }: Pick<Judgement, "violations">,
): void {
  const lines = violationLines(run, violations);
  if (lines.length === 0) return;
  const unfinished = `${file}.writing`;
  writeFileSync(unfinished, `${lines.join("\n")}\n`);
  renameSync(unfinished, file);
}

/** The last line says how many have no line of their own, and why, if there are any. */
export function violationLines(run: string, { named, all }: Violations): readonly string[] {
  const again = `fleetproof verify ${run}`;
  const lines = named.map((violation) => JSON.stringify({ ...violation, again }));
  const more = all - named.length;
  if (more <= 0) return lines;
  const why =
    "of each clause at most 100,000 are named, of those in the raw topic the first of each class; all are counted";
  return [...lines, JSON.stringify({ more, why, again })];
}
