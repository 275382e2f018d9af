/** Where Elasticsearch is and how to write to it; the values of a job's `connect.elastic.*` keys. */
export type ElasticsearchSettings = {
  readonly store: "elasticsearch";
  /** `http://host:port`, one or more. */
  readonly nodes: readonly string[];
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Documents in one bulk. */
  readonly batchSize: number;
  /** For one bulk, from sending to its answer. */
  readonly writeTimeoutMs: number;
  /** Between the values of a primary key in `_id`. Its first character is escaped within a value. */
  readonly pkSeparator: string;
  /** Of indices that the job's template creates. */
  readonly shards: number;
  readonly replicas: number;
  /** Name of the job: its indices carry it in their mapping's `_meta`, and no others are ever retired. */
  readonly job: string;
  /** UPSERT merges into the stored document, without a version: compat mode only, not replay-safe. */
  readonly mergeUpserts: boolean;
  /** undefined: nothing is ever retired. */
  readonly retirement: RetirementSettings | undefined;
};

/** A day is past when its end lies `afterDays` days or more before the job's now. */
export type RetirementSettings = {
  readonly afterDays: number;
  readonly action: "close" | "delete";
};
