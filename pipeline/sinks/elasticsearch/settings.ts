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
};
