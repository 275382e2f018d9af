/**
 * C11: while a recoverable fault is on, or within a stated time after it, the work that it
 * interrupts goes on. A partition with work left that stood still all that time is a `stall`; a
 * fault that stopped nothing, or whose target had nothing left to do, is none. Of a poison record
 * only the drain can tell (C12): its job may wait for its operator.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { FaultRecord } from "../facts/run-record.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { faultName } from "./during.ts";
import { createFindingList } from "./finding.ts";

/** Undefined for a run without a fault that left a trace: there was nothing to go on from. */
export function checkProgress({ record }: Pick<WholeFacts, "record">): CheckResult | undefined {
  const faults = record.faults.filter(({ effect }) => effect !== null);
  if (faults.length === 0) return undefined;
  const list = createFindingList();
  // Where something died unasked, nobody can say what the fault would have come to.
  const kind = record.died.length > 0 ? "unseen" : "stall";
  for (const fault of faults) {
    const expected = goesOn(fault);
    if (fault.recoveredMs === undefined) {
      const found = "not on file: the run folder is of a version that did not record it";
      list.add("unseen", () => ({ expected, found, during: faultName(fault) }));
    }
    for (const partition of stoodOf(fault)) {
      const found = `${fault.stage ?? fault.target} stood still, with work left`;
      list.add(kind, () => ({ partition, expected, found, during: faultName(fault) }));
    }
  }
  return resultOf("C11", faults.length, list);
}

/** Partitions of its stage that a fault left standing. */
export function stoodOf({ recoveredMs, mustRecover, stood = [] }: FaultRecord): readonly number[] {
  return recoveredMs === null && mustRecover !== false ? stood : [];
}

function goesOn({ recoverWithinMs }: FaultRecord): string {
  const time = recoverWithinMs === undefined ? "" : ` within ${recoverWithinMs / 1_000} s`;
  return `the work goes on${time}`;
}
