/** What becomes of a raw record, in the order in which the contract checks it. */
const decisions = [
  "malformed",
  "wrong-partition",
  "future",
  "late",
  "duplicate",
  "span",
  "accepted",
] as const;
export type Decision = (typeof decisions)[number];
