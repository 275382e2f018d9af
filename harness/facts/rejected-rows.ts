/** Rejected readings, as the raw log demands them and as the rejected topic holds them. */
export const reasonCodes = ["malformed", "wrong-partition", "future", "late", "span"] as const;

export const rejectedSpec = {
  /** Of the raw record. */
  partition: "i32",
  offset: "f64",
  /** Index into `reasonCodes`; 255: none of them. */
  reason: "u8",
  /** Of key and value: the bytes must travel as they came. */
  bytesHi: "u32",
  bytesLo: "u32",
} as const;

/** The rejected topic: the same, and where the record itself lies. */
export const rejectedTopicSpec = {
  ...rejectedSpec,
  atPartition: "i32",
  atOffset: "f64",
} as const;
