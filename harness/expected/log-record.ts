/** A raw record where it lies: the wire's `RecordView` is one. `keyEnd`, `valueEnd` of -1 stand for null. */
export type LogRecord = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
};
