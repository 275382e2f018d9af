/** The audit's facts in the run folder: `audit.json` and four row files. */
import { join } from "node:path";
import { type AuditFacts, type AuditJson, missingSpec } from "./audit-facts.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedSpec } from "./rejected-rows.ts";
import { readTable, writeTable } from "./table-file.ts";
import { revisionSpec, windowSpec } from "./window-rows.ts";

export async function writeAuditFacts(folder: string, facts: AuditFacts): Promise<void> {
  const { windows, revisions, rejected, missing, ...json } = facts;
  await writeTable(join(folder, "windows.rows"), windows);
  await writeTable(join(folder, "revisions.rows"), revisions);
  await writeTable(join(folder, "rejected.rows"), rejected);
  await writeTable(join(folder, "missing.rows"), missing);
  await writeJson(join(folder, "audit.json"), json);
}

/** Without the rows: what is small. Errors: `FactsError`. */
export function readAuditJson(folder: string): Promise<AuditJson> {
  return readJson<AuditJson>(join(folder, "audit.json"));
}

/** Errors: `FactsError`. */
export async function readAuditFacts(folder: string): Promise<AuditFacts> {
  const json = await readAuditJson(folder);
  return {
    ...json,
    windows: await readTable(join(folder, "windows.rows"), windowSpec),
    revisions: await readTable(join(folder, "revisions.rows"), revisionSpec),
    rejected: await readTable(join(folder, "rejected.rows"), rejectedSpec),
    missing: await readTable(join(folder, "missing.rows"), missingSpec),
  };
}
