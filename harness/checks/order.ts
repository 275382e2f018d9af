/** C4: within a partition of the raw topic the sends stand in the plan's order. */
import type { WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList } from "./finding.ts";
import { addAudited } from "./from-audit.ts";

export function checkOrder({ audit }: WholeFacts): CheckResult {
  const list = createFindingList();
  addAudited(list, audit, ["reorder"]);
  return resultOf(
    "C4",
    audit.partitions.reduce((sum, each) => sum + each.matched, 0),
    list,
  );
}
