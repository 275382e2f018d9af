/** What one client may ask of the server. Every number has its reason beside it. */

export type HttpLimits = {
  /**
   * Bytes of a body. The largest that is meant to be sent is a PATCH of offsets, 120 bytes a partition: 256 KiB are
   * 2,000 partitions. A config is smaller, and must fit a record of the configs topic (1 MiB).
   */
  readonly bodyBytes: number;
  /** Bytes of all headers: Node's own limit, said aloud. */
  readonly headerBytes: number;
  /** Characters of a name in a path: Kafka's topics have 249, class names fit, too. */
  readonly nameLength: number;
  /** Milliseconds for a whole request to come in. A client that is slower holds a connection for nothing. */
  readonly requestMs: number;
  /** Milliseconds for an answer: Connect's 90 s, which a stop of all tasks may need. */
  readonly answerMs: number;
  /** Milliseconds that a closing server waits for answers under way. */
  readonly closeMs: number;
  /** Open connections: an operator, a scraper, a probe, a UI's polls. */
  readonly connections: number;
};

export const httpLimits: HttpLimits = {
  bodyBytes: 256 * 1024,
  headerBytes: 16 * 1024,
  nameLength: 255,
  requestMs: 10_000,
  answerMs: 90_000,
  closeMs: 5_000,
  connections: 128,
};
