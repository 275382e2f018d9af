/** The audit's facts in the run folder: `audit.json` and four row files, three of which grow while the topic flows. */
import { join } from "node:path";
import {
  type AuditEnd,
  type AuditFacts,
  type AuditJson,
  type AuditRows,
  missingSpec,
} from "./audit-facts.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedSpec } from "./rejected-rows.ts";
import { readTable, writeTable } from "./table-file.ts";
import { createTableWriter } from "./table-writer.ts";
import { revisionSpec, windowSpec } from "./window-rows.ts";

export type AuditFiles = AuditRows & {
  /** Once, after the audit's own end. Errors: `FactsError`. */
  readonly end: (end: AuditEnd) => Promise<void>;
};

/** Opens the files of the rows: they take them as they come. Errors: `FactsError`. */
export function openAuditFiles(folder: string): AuditFiles {
  const windows = createTableWriter(join(folder, "windows.rows"), windowSpec);
  const revisions = createTableWriter(join(folder, "revisions.rows"), revisionSpec);
  const rejected = createTableWriter(join(folder, "rejected.rows"), rejectedSpec);
  return {
    windows,
    revisions,
    rejected,
    end: async ({ missing, ...json }) => {
      for (const rows of [windows, revisions, rejected]) rows.end();
      await writeTable(join(folder, "missing.rows"), missing);
      await writeJson(join(folder, "audit.json"), json);
    },
  };
}

/** What was kept in memory whole. */
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
