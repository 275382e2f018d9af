/**
 * C9: a replay is a no-op on the visible state of the stores. It counts only with evidence: the job read records
 * again, and the store itself saw at least as many writes.
 */
import type { RunFacts } from "../facts/run-facts.ts";
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
  const unproven = record.replays.some(
    ({ records, writesSeen }) => records === 0 || writesSeen < records,
  );
  return unproven && result.verdict === "PASS" ? { ...result, verdict: "INVALID" } : result;
}
