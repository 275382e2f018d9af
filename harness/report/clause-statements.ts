/**
 * The clauses of the contract in a few words each. Source: reference "Contract: what exactly once
 * means".
 */
import type { Clause } from "../checks/check-result.ts";

export const clauseStatements = {
  C1: "no loss: what was acknowledged is in the raw topic",
  C2: "no duplicate: nothing more often than it was sent",
  C3: "no phantom: nothing that nobody sent",
  C4: "order: each partition in the plan's order",
  C5: "conservation: raw = folded + duplicate + rejected",
  C6: "aggregate truth: every revision equals an independent fold",
  C7: "one final row for each device and window in each store",
  C8: "the stores agree",
  C9: "replay is a no-op",
  C10: "no time travel: a visible revision never goes back",
  C11: "progress: after each fault the work goes on",
  C12: "bounded lag: every backlog is worked off after the load",
  C13: "what a job skipped is exactly what its dead-letter topic holds",
} as const satisfies Record<Clause, string>;
