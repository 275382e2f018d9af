/** The ledger's rows: what every window should have come to, and what it was before each late change. */

/** The fold of the first `count` readings. */
const folded = {
  count: "i32",
  /** Hundredths of a degree, as are `max` and `sum`. */
  min: "i32",
  max: "i32",
  sum: "f64",
  digestHi: "u32",
  digestLo: "u32",
} as const;

/** One row for each device and window that holds an accepted reading. */
export const windowSpec = {
  /** Index in the plan; foreign devices follow behind its last (`AuditFacts.foreignDevices`). */
  device: "i32",
  partition: "i32",
  /** Start, epoch milliseconds. */
  window: "f64",
  /** `count`: distinct accepted readings, the last revision. */
  ...folded,
  /** The count at the moment when the window was first due; 0: not due by the end of the log. */
  firstDue: "i32",
  /** `seq` of the first accepted reading of boot 0; -1 without one. */
  firstSeq: "i32",
} as const;

/** A window as it was at an earlier revision ≥ `firstDue`: the fold of its first `count` readings. */
export const revisionSpec = {
  /** Row of the window. */
  row: "i32",
  ...folded,
} as const;
