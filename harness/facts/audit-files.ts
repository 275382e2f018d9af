/** The audit's facts in the run folder: `audit.json` and four row files, three of which grow while the topic flows. */
import { join } from "node:path";
import {
  type AuditEnd,
  type AuditJson,
  type AuditRows,
  type AuditTables,
  missingSpec,
} from "./audit-facts.ts";
import type { Buckets } from "./buckets.ts";
import { FactsError } from "./facts-error.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedSpec } from "./rejected-rows.ts";
import { openTable, readTable, writeTable } from "./table-file.ts";
import { createTableWriter } from "./table-writer.ts";
import { revisionSpec, windowSpec } from "./window-rows.ts";

export type AuditFiles = AuditRows & {
  /** Once, after the audit's own end. Errors: `FactsError`. */
  readonly end: (end: AuditEnd) => Promise<void>;
};

/** Opens the files of the rows: they take them as they come. Errors: `FactsError`. */
export function openAuditFiles(folder: string, buckets: Buckets): AuditFiles {
  const { many } = buckets;
  const windows = createTableWriter(join(folder, "windows.rows"), windowSpec, many);
  const revisions = createTableWriter(join(folder, "revisions.rows"), revisionSpec, many);
  const rejected = createTableWriter(join(folder, "rejected.rows"), rejectedSpec, many);
  return {
    buckets,
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

/** Without the rows: what is small. Errors: `FactsError`. */
export function readAuditJson(folder: string): Promise<AuditJson> {
  return readJson<AuditJson>(join(folder, "audit.json"));
}

/** What is read of it a bucket at a time. */
export type AuditBuckets = {
  readonly end: AuditEnd;
  readonly buckets: number;
  /** Windows in all of them. */
  readonly windows: number;
  /** Errors: `FactsError`. */
  readonly read: (bucket: number) => AuditTables;
};

/** Errors: `FactsError`. */
export async function openAuditFacts(folder: string): Promise<AuditBuckets> {
  const json = await readAuditJson(folder);
  const windows = openTable(join(folder, "windows.rows"), windowSpec);
  const revisions = openTable(join(folder, "revisions.rows"), revisionSpec);
  const rejected = openTable(join(folder, "rejected.rows"), rejectedSpec);
  const missing = await readTable(join(folder, "missing.rows"), missingSpec);
  if ([revisions, rejected].some(({ buckets }) => buckets !== windows.buckets)) {
    throw new FactsError("windows.rows, revisions.rows and rejected.rows are not of one run");
  }
  return {
    end: { ...json, missing },
    buckets: windows.buckets,
    windows: windows.rows,
    read: (bucket) => ({
      windows: windows.read(bucket),
      revisions: revisions.read(bucket),
      rejected: rejected.read(bucket),
    }),
  };
}
