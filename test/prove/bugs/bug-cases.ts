/** Every line of the track record, in the order of its ids. */
import { aggregatorCases } from "./aggregator-cases.ts";
import type { BugCase } from "./bug-case.ts";
import { harnessCases } from "./harness-cases.ts";
import { jobCases } from "./job-cases.ts";

export const bugCases: readonly BugCase[] = [...aggregatorCases, ...jobCases, ...harnessCases].sort(
  (a, b) => (a.id < b.id ? -1 : 1),
);
