/** Why a raw record was refused; `thermostat.data.rejected` carries it as a header beside key and value as they came. */

/** In the order in which they are checked; `duplicate`, between late and span, is no rejection. */
export const rejectionReasons = ["malformed", "wrong-partition", "future", "late", "span"] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

export const rejectionHeaders = {
  reason: "reason",
  topic: "source.topic",
  partition: "source.partition",
  offset: "source.offset",
} as const;
