/**
 * The few requests that the sink makes of Elasticsearch, as a port: the real cluster answers them over
 * HTTP (`http-api.ts`), the simulation in memory. The bytes of a bulk are the same for both.
 */
import type { JsonObject } from "../../kcql/path.ts";

/** What became of one item of a bulk, as Elasticsearch reports it. */
export type BulkItem = {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
};

/** `job`: who made it, from its mapping's `_meta`; undefined when that names nobody. */
export type ListedIndex = {
  readonly index: string;
  readonly state: "open" | "closed";
  readonly job: string | undefined;
};

/** Errors of all but `close`: `ElasticsearchApiError`. A `pattern` is a name in which `*` stands for any text. */
export type ElasticsearchApi = {
  /** Items by position. After an error without a status nobody knows what was stored. */
  readonly bulk: (body: Buffer, signal: AbortSignal) => Promise<readonly BulkItem[]>;
  /** The template as it was put, or undefined where there is none of that name. */
  readonly readTemplate: (name: string, signal: AbortSignal) => Promise<JsonObject | undefined>;
  /** Creates or replaces it. */
  readonly putIndexTemplate: (name: string, body: object, signal: AbortSignal) => Promise<void>;
  /** Mappings of the open indices (aliases resolved to theirs) that match, by name. */
  readonly readMappings: (
    pattern: string,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, JsonObject>>;
  readonly hasPipeline: (name: string, signal: AbortSignal) => Promise<boolean>;
  /** Indices that match, open and closed. */
  readonly listIndices: (pattern: string, signal: AbortSignal) => Promise<readonly ListedIndex[]>;
  /** Both also when there is no index of that name any more: another worker was faster. */
  readonly closeIndex: (index: string, signal: AbortSignal) => Promise<void>;
  readonly deleteIndex: (index: string, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A request as a whole went wrong. `status` is undefined when no answer came. */
export class ElasticsearchApiError extends Error {
  readonly code = "elasticsearch-api";
  readonly status: number | undefined;
  /** Elasticsearch's own name of the error, as `cluster_block_exception`. */
  readonly type: string | undefined;

  constructor(
    message: string,
    status: number | undefined,
    options: { readonly type?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "ElasticsearchApiError";
    this.status = status;
    this.type = options.type;
  }
}

/** Lifted by an operator, or when the disk has room again: until then the store refuses, and says so. */
export const blockType = "cluster_block_exception";

/** Is it worth asking again? No answer, too many requests, and the server's own faults are. */
export function isPassing(status: number | undefined): boolean {
  return status === undefined || status === 429 || status === 408 || status >= 500;
}
