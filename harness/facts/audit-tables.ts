/** The rows of an audit kept in memory: for logs that are small beside it. */
import type { AuditRows, AuditTables } from "./audit-facts.ts";
import { oneBucket } from "./buckets.ts";
import { rejectedSpec } from "./rejected-rows.ts";
import { createTable } from "./table.ts";
import { createTableSink } from "./table-sink.ts";
import { revisionSpec, windowSpec } from "./window-rows.ts";

/** `rows` fills `tables`. */
export function createAuditTables(): { readonly tables: AuditTables; readonly rows: AuditRows } {
  const tables = {
    windows: createTable(windowSpec),
    revisions: createTable(revisionSpec),
    rejected: createTable(rejectedSpec),
  };
  const rows = {
    buckets: oneBucket,
    windows: createTableSink(tables.windows),
    revisions: createTableSink(tables.revisions),
    rejected: createTableSink(tables.rejected),
  };
  return { tables, rows };
}
