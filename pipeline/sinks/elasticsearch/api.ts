/**
 * The few requests that the sink makes of Elasticsearch, as a port: the real cluster answers them over
 * HTTP (`http-api.ts`), the simulation in memory. The bytes of a bulk are the same for both.
 */

/** What became of one item of a bulk, as Elasticsearch reports it. */
export type BulkItem = {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
};

export type ElasticsearchApi = {
  /** Items by position. Errors: `ElasticsearchApiError`; then nobody knows what was stored. */
  readonly bulk: (body: Buffer, signal: AbortSignal) => Promise<readonly BulkItem[]>;
  /** Creates or replaces it. Errors: `ElasticsearchApiError`. */
  readonly putIndexTemplate: (name: string, body: object, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A request as a whole went wrong. `status` is undefined when no answer came. */
export class ElasticsearchApiError extends Error {
  readonly code = "elasticsearch-api";
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause?: unknown) {
    super(message, { cause });
    this.name = "ElasticsearchApiError";
    this.status = status;
  }
}

/** Is it worth asking again? No answer, too many requests, and the server's own faults are. */
export function isPassing(status: number | undefined): boolean {
  return status === undefined || status === 429 || status === 408 || status >= 500;
}
