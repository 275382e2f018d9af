/**
 * What a persisting job needs of a store. Both stores implement it, and pass one contract suite on the
 * real servers and on the in-memory ones. Every write is idempotent: identity and version come from the
 * event, so the same write may be sent again, by anyone, at any time.
 */
import type { JsonObject } from "../kcql/path.ts";
import type { Statement } from "../kcql/statement.ts";

export type SinkWrite = {
  /** `delete`: a tombstone. Only `id`, `version` and `timeMs` count then, and `document` is empty. */
  readonly action: "write" | "delete";
  /** Where it goes: target, index suffix, TTL. */
  readonly statement: Statement;
  /** The projected document; undefined where `json` holds it, so that nothing parsed is kept. */
  readonly document: JsonObject | undefined;
  /** The document as JSON, UTF-8, where the projection left the record's value as it was. */
  readonly json: Uint8Array | undefined;
  /** Values of the primary key, in the statement's order; without one topic, partition and offset. */
  readonly id: readonly (string | number | boolean)[];
  /** A safe integer, microseconds of event time by convention: the newer wins. */
  readonly version: number;
  /** Event time, epoch milliseconds: decides the index's day, and when a TTL ends. */
  readonly timeMs: number;
  readonly record: RecordCoordinates;
};

export type RecordCoordinates = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
};

export type WriteResult =
  | { readonly kind: "stored" }
  /** The store holds this version or a newer one: the write is done. */
  | { readonly kind: "not-newer" }
  /** Its index is past its days: the write is skipped, for good. */
  | { readonly kind: "retired" }
  /**
   * Not stored, or nobody knows; writing it again does no harm. `overloaded`: wait before that. `definite`: the store
   * answered that it did not take it (a blocked index); otherwise nobody knows.
   */
  | {
      readonly kind: "retriable";
      readonly error: Error;
      readonly overloaded: boolean;
      readonly definite: boolean;
    }
  /** The store refused this write and would again. */
  | { readonly kind: "failed"; readonly error: Error };

export type Sink = {
  /** Creates what the statements ask for and checks what is there. Errors: `SinkError`. */
  readonly open: (signal: AbortSignal) => Promise<void>;
  /**
   * One result for each write, by position; never rejects. Once `signal` is aborted, what has no answer
   * yet is `retriable`.
   */
  readonly write: (
    batch: readonly SinkWrite[],
    signal: AbortSignal,
  ) => Promise<readonly WriteResult[]>;
  /** Only where data past their days are a matter of the job: Cassandra lets rows expire by itself. */
  readonly retirement?: Retirement;
  /** Nothing of the sink is left open. */
  readonly close: () => Promise<void>;
};

/** An index that this job created and whose whole day is past `retire.after.days`, by the job's clock. */
export type RetirableIndex = {
  readonly index: string;
  /** End of its last day, epoch milliseconds. */
  readonly endMs: number;
  readonly state: "open" | "closed";
};

/** Errors of both: `SinkError`. */
export type Retirement = {
  /** The dry run: what `retire` would close or delete now. */
  readonly due: (signal: AbortSignal) => Promise<readonly RetirableIndex[]>;
  readonly retire: (signal: AbortSignal) => Promise<readonly RetirableIndex[]>;
};

/** `unavailable`: asking again may help. `refused`: the store or its schema will not have it. */
export type SinkErrorCode = "unavailable" | "refused";

export class SinkError extends Error {
  readonly code: SinkErrorCode;

  constructor(code: SinkErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "SinkError";
    this.code = code;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The document of a write, parsed where only `json` holds it: converters let no other JSON pass. */
export function documentOf({ document, json }: Pick<SinkWrite, "document" | "json">): JsonObject {
  if (document !== undefined) return document;
  return JSON.parse(decoder.decode(json)) as JsonObject;
}

export const stored: WriteResult = { kind: "stored" };
export const notNewer: WriteResult = { kind: "not-newer" };

export const retired: WriteResult = { kind: "retired" };

export function retriable(
  error: Error,
  { overloaded = false, definite = false }: { overloaded?: boolean; definite?: boolean } = {},
): WriteResult {
  return { kind: "retriable", error, overloaded, definite };
}

export function failed(error: Error): WriteResult {
  return { kind: "failed", error };
}
