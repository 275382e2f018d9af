/**
 * A persisting job's config once it is validated: what the task and the sinks act on. Read by
 * `config.ts`.
 */
import type { FieldRef, Statement } from "../../kcql/statement.ts";
import type { CassandraSettings } from "../../sinks/cassandra/settings.ts";
import type { ElasticsearchSettings } from "../../sinks/elasticsearch/settings.ts";

export type JobConfig = {
  readonly name: string;
  /**
   * The properties as they were given, `${…}` unexpanded: what REST shows and the configs topic
   * keeps.
   */
  readonly properties: Readonly<Record<string, string>>;
  /** Tasks of each worker (Connect's `tasks.max` is for all workers together). */
  readonly tasksMax: number;
  readonly topics: readonly string[];
  /** At least one for each topic. */
  readonly statements: readonly Statement[];
  readonly fields: RecordFields;
  readonly converters: Converters;
  readonly nullValues: NullValues;
  readonly errors: ErrorHandling;
  readonly consumer: ConsumerSettings;
  readonly store: ElasticsearchSettings | CassandraSettings;
};

/**
 * Where a record's version and event time are. `wall-clock` only when asked for: then a replay goes
 * to other indices.
 */
export type RecordFields = {
  readonly version: FieldRef;
  readonly time: FieldRef;
  readonly indexTime: "event" | "wall-clock";
};

/** `json-schema`: an envelope of `schema` and `payload`. */
export type Converter = "bytes" | "string" | "json" | "json-schema";

export type Converters = { readonly key: Converter; readonly value: Converter };

/**
 * What a record without a value means: an error, nothing at all, or that the document is to be
 * deleted.
 */
export type NullValues = "fail" | "ignore" | "delete";

export type ErrorPolicy = "RETRY" | "NOOP" | "THROW";

export type RetryPolicy = {
  /** Retries beyond the first attempt; Infinity for ever, 0 for THROW. */
  readonly limit: number;
  /** Milliseconds between two attempts. */
  readonly intervalMs: number;
};

export type ErrorHandling = {
  readonly policy: ErrorPolicy;
  readonly retry: RetryPolicy;
  /** `all`: a record that cannot be read or is refused for good is skipped under every policy. */
  readonly tolerance: "none" | "all";
  readonly deadLetter: DeadLetterSettings | undefined;
  /** `errors.log.enable`, and with the record's coordinates `errors.log.include.messages`. */
  readonly log: "off" | "on" | "with-record";
};

export type DeadLetterSettings = {
  readonly topic: string;
  readonly replicationFactor: number | undefined;
  /** Connect's `__connect.errors.*`. */
  readonly contextHeaders: boolean;
};

/** `consumer.override.*`. */
export type ConsumerSettings = {
  /** Where a partition without a committed offset is read from. */
  readonly offsetReset: "earliest" | "latest" | "none";
  readonly isolation: "read_committed" | "read_uncommitted";
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
};
