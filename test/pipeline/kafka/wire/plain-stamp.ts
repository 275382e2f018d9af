/** The stamp of a record batch that no idempotent producer wrote. Source: Kafka's documentation, "Record Batch". */
export const plainStamp = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  transactional: false,
  timestamp: 0,
} as const;
