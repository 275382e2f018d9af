/**
 * C9: a replay is a no-op on the visible state of the stores. It counts only with evidence: the job read records
 * again, and the store itself counted the writes.
 */
import type { RunFacts } from "../facts/run-facts.ts";
import type { ReplayRecord } from "../facts/run-record.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList } from "./finding.ts";

/** Undefined when no replay was asked for. */
export function checkReplay({ record }: RunFacts): CheckResult | undefined {
  if (record.replays.length === 0) return undefined;
  const list = createFindingList();
  for (const { mode, store, digestBefore, digestAfter } of record.replays) {
    if (digestBefore === digestAfter) continue;
    const expected = `state ${digestBefore}, as before the replay (${mode})`;
    list.add("corrupt", () => ({ store, expected, found: `state ${digestAfter}` }));
  }
  const result = resultOf("C9", record.replays.length, list);
  return record.replays.some(isUnproven) && result.verdict === "PASS"
    ? { ...result, verdict: "INVALID" }
    : result;
}

/** Whether it may have been an empty gesture. */
export function isUnproven({ records, writesSeen, writesLeast }: ReplayRecord): boolean {
  return records === 0 || writesSeen < Math.max(1, writesLeast);
}
