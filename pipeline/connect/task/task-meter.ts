/**
 * What a task counts while it works, by Connect's names where Connect has one. Plain numbers that
 * only the task writes; `/metrics` reads them when it is asked. Kept over restarts of the task, so
 * that counters never fall.
 */
export type TaskMeter = {
  /** Records read from Kafka (`sink-record-read-total`). */
  read: number;
  /** Records handed to the store, after projection (`sink-record-send-total`). */
  sent: number;
  /** Records handed to the store and not answered yet (`sink-record-active-count`). */
  active: number;
  partitions: number;
  /** Writes by outcome. */
  stored: number;
  notNewer: number;
  retired: number;
  deleted: number;
  /** Skipped by policy or tolerance (`total-records-skipped`). */
  skipped: number;
  /** Tombstones that `nullValues: ignore` passed over. */
  nullsIgnored: number;
  /**
   * Records that failed, whatever became of them (`total-record-failures`), and attempts that did
   * (`total-record-errors`).
   */
  failures: number;
  errors: number;
  retries: number;
  errorsLogged: number;
  deadLetters: number;
  deadLetterFailures: number;
  lastErrorAtMs: number | undefined;
  puts: number;
  putMsTotal: number;
  putMsMax: number;
  /** Records of the largest put. */
  batchSizeMax: number;
  commits: number;
  commitFailures: number;
  commitsSkipped: number;
  commitMsTotal: number;
  commitMsMax: number;
  rebalances: number;
  /** By `topic/partition` of the present assignment. */
  readonly lag: Map<string, PartitionLag>;
};

export type PartitionLag = {
  readonly topic: string;
  readonly partition: number;
  /** Last stable offset − the next offset that is not stored yet. */
  records: number;
  /**
   * Of the newest record that is stored: its Kafka timestamp, epoch milliseconds; undefined before
   * the first.
   */
  storedAtMs: number | undefined;
};

export function createTaskMeter(): TaskMeter {
  return {
    read: 0,
    sent: 0,
    active: 0,
    partitions: 0,
    stored: 0,
    notNewer: 0,
    retired: 0,
    deleted: 0,
    skipped: 0,
    nullsIgnored: 0,
    failures: 0,
    errors: 0,
    retries: 0,
    errorsLogged: 0,
    deadLetters: 0,
    deadLetterFailures: 0,
    lastErrorAtMs: undefined,
    puts: 0,
    putMsTotal: 0,
    putMsMax: 0,
    batchSizeMax: 0,
    commits: 0,
    commitFailures: 0,
    commitsSkipped: 0,
    commitMsTotal: 0,
    commitMsMax: 0,
    rebalances: 0,
    lag: new Map(),
  };
}
