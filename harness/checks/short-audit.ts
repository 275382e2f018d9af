/**
 * What an audit that did not come to the end of the raw topic leaves open. Its ledger is of a part
 * of the readings, and the pipeline worked on all of them: a window with more members than the
 * ledger has is no fault then, and one that the ledger lacks no phantom. What the log shows by
 * itself (C1 to C4) stands, as far as it was read.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { CheckResult, Clause } from "./check-result.ts";
import type { Published } from "./published.ts";

/** Those that hold topics and stores against the ledger. */
const byLedger: ReadonlySet<Clause> = new Set<Clause>(["C5", "C6", "C7", "C8", "C13"]);

/** A clause that the ledger cannot decide is UNKNOWN, and names nobody. */
export function decidedByAudit(
  results: readonly CheckResult[],
  { audit }: Pick<WholeFacts, "audit">,
): readonly CheckResult[] {
  if (audit.reachedEnd) return results;
  const nothing = {
    verdict: "UNKNOWN",
    findings: [],
    violations: [],
    counts: {},
    echoes: 0,
  } as const;
  return results.map((result) =>
    byLedger.has(result.clause) ? { ...result, ...nothing } : result,
  );
}

/** What was published, without what only seems to belong to no reading. */
export function publishedByAudit(
  published: Published,
  { audit }: Pick<WholeFacts, "audit">,
): Published {
  return audit.reachedEnd ? published : { ...published, foreign: [] };
}
