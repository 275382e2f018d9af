/**
 * Which rows of a store, and which published records, are exactly the ledger's windows, told from the columns alone:
 * nearly all are, and for millions of them nothing else is to be made. What `compareWindow` finds nothing wrong with, by
 * the same rules. Hot path.
 */
import type { AuditTables } from "../facts/audit-facts.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";

/** Whether row `at` of the store is the window of the ledger's `row` in its last revision. */
export function createRightRows(
  { windows }: Pick<AuditTables, "windows">,
  { table }: Pick<StoreRows, "table">,
  windowSizeMs: number,
): (row: number, at: number) => boolean {
  const want = windows.columns;
  const found = table.columns;
  return (row, at) => {
    const count = want.count[row]!;
    const sum = want.sum[row]!;
    return (
      found.count[at] === count &&
      found.sum[at] === sum &&
      found.digestOk[at] === 1 &&
      found.digestHi[at] === want.digestHi[row] &&
      found.digestLo[at] === want.digestLo[row] &&
      isAbsentOr(found.min[at]!, want.min[row]! / 100) &&
      isAbsentOr(found.max[at]!, want.max[row]! / 100) &&
      isAbsentOr(found.mean[at]!, sum / count / 100) &&
      isAbsentOr(found.revision[at]!, count) &&
      isAbsentOr(found.version[at]!, (want.window[row]! + windowSizeMs) * 1000 + count)
    );
  };
}

/** Whether record `at` of the topic is the window of the ledger's `row` in its last revision, and right by itself. */
export function createRightRecords({
  audit,
  topics,
}: Pick<RunFacts, "audit" | "topics">): (row: number, at: number) => boolean {
  const want = audit.windows.columns;
  const found = topics.aggregated.table.columns;
  return (row, at) => {
    const count = want.count[row]!;
    return (
      found.faults[at] === 0 &&
      found.revision[at] === count &&
      found.count[at] === count &&
      found.sum[at] === want.sum[row] &&
      found.digestHi[at] === want.digestHi[row] &&
      found.digestLo[at] === want.digestLo[row] &&
      found.min[at] === want.min[row]! / 100 &&
      found.max[at] === want.max[row]! / 100
    );
  };
}

/** NaN: the store has no such field. */
function isAbsentOr(value: number, right: number): boolean {
  return value === right || Number.isNaN(value);
}
